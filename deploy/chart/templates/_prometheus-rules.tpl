{{/* The rule files that come with the chart, without the one that is for a ruler above several clusters. */}}
{{- define "freezewatch.ruleGroups" -}}
{{- $known := dict -}}
{{- $groups := list -}}
{{- $files := .Files.Glob "files/rules/*.yaml" -}}
{{- if not $files -}}
{{- fail "the chart holds no rules: files/rules is a symbolic link to rules/ of the repository; check it out with links (git config core.symlinks true), or use the packaged chart" -}}
{{- end -}}
{{- range $path, $_ := $files -}}
{{- $name := base $path | trimSuffix ".yaml" -}}
{{- if ne $name "multi-cluster" -}}
{{- range ($.Files.Get $path | fromYaml).groups -}}
{{- range .rules -}}{{- with .alert -}}{{- $_ := set $known . true -}}{{- end -}}{{- end -}}
{{- $rules := list -}}
{{- range .rules -}}
{{- $rule := include "freezewatch.rule" (dict "values" $.Values.prometheusRule "rule" .) | fromYaml -}}
{{- if $rule -}}{{- $rules = append $rules $rule -}}{{- end -}}
{{- end -}}
{{- if and $rules (not (has $name $.Values.prometheusRule.disabledFiles)) -}}
{{- $groups = append $groups (set . "rules" $rules) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $name, $_ := .Values.prometheusRule.alerts -}}
{{- if not (hasKey $known $name) -}}
{{- fail (printf "prometheusRule.alerts: there is no alert %q; there are %s" $name (keys $known | sortAlpha | join ", ")) -}}
{{- end -}}
{{- end -}}
{{- toYaml $groups -}}
{{- end }}

{{/* One rule with the site's changes; empty when it is switched off. */}}
{{- define "freezewatch.rule" -}}
{{- $rule := .rule -}}
{{- $values := .values -}}
{{- if not $rule.alert -}}
{{- toYaml $rule -}}
{{- else -}}
{{- $own := get $values.alerts $rule.alert | default dict -}}
{{- if ne (toString (get $own "enabled")) "false" -}}
{{- $labels := merge (dict) (get $own "labels" | default dict) $values.additionalAlertLabels $rule.labels -}}
{{- with $own.severity -}}{{- $_ := set $labels "severity" . -}}{{- end -}}
{{- with $values.namespaceOverride -}}
{{- $_ := set $labels "namespace" . -}}
{{- $_ := set $labels "vm_namespace" "{{ $labels.namespace }}" -}}
{{- end -}}
{{- $annotations := merge (dict) (get $own "annotations" | default dict) $rule.annotations -}}
{{- with $values.runbookUrl -}}{{- $_ := set $annotations "runbook_url" (printf . $rule.alert) -}}{{- end -}}
{{- $changed := dict "labels" $labels "annotations" $annotations -}}
{{- with $own.for -}}{{- $_ := set $changed "for" . -}}{{- end -}}
{{- with $own.keepFiringFor -}}{{- $_ := set $changed "keep_firing_for" . -}}{{- end -}}
{{- toYaml (merge $changed $rule) -}}
{{- end -}}
{{- end -}}
{{- end }}
