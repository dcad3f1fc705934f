/** Host names that one vendor documents as one store of buckets. */
interface StoreAlias {
  /** A whole host name in lower case, without the bucket. */
  readonly host: RegExp;
  /** The one name all of them get; `$1` is the first group of `host`. */
  readonly store: string;
  /** Where the vendor says so. */
  readonly source: string;
}

const WASABI = 'https://docs.wasabi.com/docs/service-urls-for-wasabis-storage-regions';
const IBM = 'https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-endpoints';
const wasabi = (region: string, old: string): StoreAlias => ({
  host: new RegExp(`^s3\\.${old}wasabisys\\.com$`),
  store: `s3.${region}.wasabisys.com`,
  source: WASABI,
});

/**
 * A region or network is dropped only where bucket names are unique without it. Accelerated, sovereign and regional
 * names are left out where no vendor states that they are equal: such stores are compared by their content.
 */
export const STORE_ALIASES: readonly StoreAlias[] = [
  wasabi('us-east-1', ''),
  wasabi('eu-central-1', 'nl-1\\.'),
  wasabi('eu-central-2', 'de-1\\.'),
  wasabi('eu-west-1', 'uk-1\\.'),
  wasabi('eu-west-2', 'fr-1\\.'),
  wasabi('eu-west-3', 'uk-2\\.'),
  wasabi('eu-south-1', 'it-1\\.'),
  {
    // Bucket names are unique across Backblaze B2.
    host: /^s3\.[a-z]+-[a-z]+-\d+\.backblazeb2\.com$/,
    store: 'backblazeb2.com',
    source: 'https://www.backblaze.com/apidocs/s3-create-bucket',
  },
  {
    // Bucket names are unique in OSS; the finance and government clouds are others.
    host: /^oss-[a-z]+-[a-z]+(?:-\d+)?(?:-internal)?\.aliyuncs\.com$/,
    store: 'aliyuncs.com',
    source: 'https://www.alibabacloud.com/help/en/oss/user-guide/bucket-naming-conventions',
  },
  {
    // Bucket names are unique in OBS, and the name without a region is documented beside the regional ones.
    host: /^obs\.(?:[a-z]+-[a-z]+-\d+\.)?myhuaweicloud\.com$/,
    store: 'obs.myhuaweicloud.com',
    source: 'https://support.huaweicloud.com/intl/en-us/utiltg-obs/obs_11_0008.html',
  },
  {
    // Public, private and direct endpoints are networks of one location.
    host: /^s3\.(?:private\.|direct\.)([a-z]+(?:-[a-z]+)*)\.cloud-object-storage\.appdomain\.cloud$/,
    store: 's3.$1.cloud-object-storage.appdomain.cloud',
    source: IBM,
  },
];

/** The one name of a store with several documented host names; any other host as it is. */
export function storeHost(hostname: string): string {
  const alias = STORE_ALIASES.find(({ host }) => host.test(hostname));
  return alias === undefined ? hostname : hostname.replace(alias.host, alias.store);
}

/** Every host name of AWS, with the European sovereign cloud (aws-sdk-go endpoints, partition aws-eusc). */
export const isAwsHost = (hostname: string): boolean =>
  /(?:^|\.)(?:amazonaws\.(?:com(?:\.cn)?|eu)|api\.amazonwebservices\.eu)$/.test(hostname);

/** Bucket names are unique in a partition of AWS, so the region and the style of the host are ignored. */
export function awsPartition(regionOrHost: string): string {
  if (/(?:^cn-|\.cn$)/.test(regionOrHost)) return 'aws-cn';
  if (/(?:^|[.-])us-gov-/.test(regionOrHost)) return 'aws-us-gov';
  return /(?:^eusc-|\.eu$)/.test(regionOrHost) ? 'aws-eusc' : 'aws';
}
