{{- define "freezewatch.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "freezewatch.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "freezewatch.name" .) .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "freezewatch.name" .) | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* ClusterRoles are named for the namespace too, where it is not the usual one: two releases must not share them. */}}
{{- define "freezewatch.clusterRoleName" -}}
{{- if eq .Release.Namespace "harvester-system" }}
{{- include "freezewatch.fullname" . }}
{{- else }}
{{- printf "%s-%s" .Release.Namespace (include "freezewatch.fullname" .) }}
{{- end }}
{{- end }}

{{- define "freezewatch.selectorLabels" -}}
app.kubernetes.io/name: {{ include "freezewatch.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "freezewatch.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "freezewatch.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: harvester
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "freezewatch.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default (include "freezewatch.fullname" .) }}
{{- else }}
{{- .Values.serviceAccount.name | default "default" }}
{{- end }}
{{- end }}

{{- define "freezewatch.image" -}}
{{- with .Values.image -}}
{{- $name := ternary .repository (printf "%s/%s" .registry .repository) (empty .registry) -}}
{{- if .digest -}}
{{ $name }}@{{ .digest }}
{{- else -}}
{{ $name }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end }}

{{/*
Where Longhorn's objects are looked for. Without Longhorn it is our own namespace: there we may ask, and are told that
the cluster does not serve them, which is no error.
*/}}
{{- define "freezewatch.longhornNamespace" -}}
{{- .Values.longhornNamespace | default .Release.Namespace }}
{{- end }}

{{- define "freezewatch.webConfigSecret" -}}
{{- if .Values.webConfig.existingSecret }}
{{- .Values.webConfig.existingSecret }}
{{- else if .Values.webConfig.config }}
{{- include "freezewatch.fullname" . }}-web-config
{{- end }}
{{- end }}

{{- define "freezewatch.scheme" -}}
{{- with .Values.webConfig }}
{{- ternary "https" "http" (or .tls (not (empty .config.tls_server_config))) }}
{{- end }}
{{- end }}

{{/* "true" where the kubelet, which has neither a certificate nor a password, cannot ask over HTTP. */}}
{{- define "freezewatch.probesTcp" -}}
{{- $config := .Values.webConfig.config -}}
{{- $clients := ((get $config "tls_server_config" | default dict).client_auth_type) | default "" -}}
{{- if or .Values.probes.tcp $config.basic_auth_users (hasPrefix "Require" $clients) -}}true{{- end -}}
{{- end }}

{{/* Bytes of a quantity of memory; fails on what Kubernetes would not take. */}}
{{- define "freezewatch.bytes" -}}
{{- $units := dict "" 1 "k" 1000 "M" 1000000 "G" 1000000000 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 -}}
{{- $text := toString . -}}
{{- $unit := regexFind "[A-Za-z]*$" $text -}}
{{- $number := trimSuffix $unit $text -}}
{{- if or (not (hasKey $units $unit)) (not (regexMatch "^[0-9]+([.][0-9]+)?$" $number)) -}}
{{- fail (printf "resources.limits.memory: %q is not a quantity like 512Mi" $text) -}}
{{- end -}}
{{- mulf (float64 $number) (get $units $unit) | int64 -}}
{{- end }}

{{/* Node.js sizes its heap by the memory of the node unless told: 60 % of the limit leaves room for what is no heap. */}}
{{- define "freezewatch.nodeOptions" -}}
{{- with ((.Values.resources).limits).memory -}}
{{- $bytes := include "freezewatch.bytes" . | int64 -}}
--max-old-space-size={{ div (mul (div $bytes 1048576) 60) 100 }} --max-semi-space-size=2
{{- end -}}
{{- end }}
