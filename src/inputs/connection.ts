import { type Api, createApi } from '../cluster/api.ts';
import { loadKubeConfig } from '../cluster/kube-config.ts';
import type { Config } from '../config/config.ts';
import { VERSION } from '../version.ts';

interface Connection {
  readonly api: Api;
  /** The context of the kubeconfig; `inClusterContext` or the like within a pod. */
  readonly context: string;
}

/** The API server that the options name, or another context of the same kubeconfig. Throws ConfigError; opens nothing. */
export function connect(
  { kubeconfig, contexts: [first] }: Pick<Config, 'kubeconfig' | 'contexts'>,
  context: string | undefined = first,
): Connection {
  const kubeConfig = loadKubeConfig({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
  return {
    api: createApi(kubeConfig, { userAgent: `freezewatch/${VERSION}` }),
    context: kubeConfig.currentContext,
  };
}
