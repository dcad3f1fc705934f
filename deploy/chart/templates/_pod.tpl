{{/* The flags of one shard: what differs from the defaults of the program is said, and what the roles rest on. */}}
{{- define "freezewatch.args" -}}
{{- $values := .root.Values -}}
- serve
- --kubevirt-namespace={{ $values.kubevirtNamespace }}
- --longhorn-namespace={{ include "freezewatch.longhornNamespace" .root }}
- --launcher-logs={{ $values.launcherLogs }}
- --log.level={{ $values.logLevel }}
- --log.format={{ $values.logFormat }}
{{- with $values.clusterName }}
- {{ printf "--cluster-name=%s" . | quote }}
{{- end }}
{{- with $values.businessHours }}
- {{ printf "--business-hours=%s" . | quote }}
{{- end }}
{{- if gt (int $values.shards) 1 }}
- --shard={{ .shard }}/{{ $values.shards }}
{{- end }}
{{- range $values.allowSharedTarget }}
- {{ printf "--allow-shared-target=%s=%s" .target .until | quote }}
{{- end }}
{{- if include "freezewatch.webConfigSecret" .root }}
- --web.config.file=/etc/freezewatch/web/web.yaml
{{- end }}
{{- range $values.extraArgs }}
- {{ . | quote }}
{{- end }}
{{- end }}

{{- define "freezewatch.probe" -}}
{{- if include "freezewatch.probesTcp" .root -}}
tcpSocket:
  port: metrics
{{- else -}}
httpGet:
  path: {{ .path }}
  port: metrics
  scheme: {{ include "freezewatch.scheme" .root | upper }}
{{- end }}
{{ toYaml .timing }}
{{- end }}

{{- define "freezewatch.volumeMounts" -}}
{{- if include "freezewatch.webConfigSecret" . -}}
- name: web-config
  mountPath: /etc/freezewatch/web
  readOnly: true
{{ end }}
{{- if .Values.webConfig.tlsSecret -}}
- name: tls
  mountPath: /etc/freezewatch/tls
  readOnly: true
{{ end }}
{{- end }}

{{- define "freezewatch.volumes" -}}
{{- with include "freezewatch.webConfigSecret" . -}}
- name: web-config
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{ end }}
{{- with .Values.webConfig.tlsSecret -}}
- name: tls
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{ end }}
{{- end }}
