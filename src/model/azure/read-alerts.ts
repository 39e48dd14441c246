import { at, count, list, record, text, time } from '../objects/raw.ts';
import type { AlertRule, FiredAlert } from './azure-facts.ts';
import { isSameResource } from './resource-id.ts';

/** A scheduled query rule, or a rule about a metric. */
export function readAlertRule(raw: unknown, kind: 'log' | 'metric'): AlertRule {
  const properties = record(at(raw, 'properties'));
  return {
    id: text(at(raw, 'id'), 1_024),
    name: text(properties.displayName) || text(at(raw, 'name')),
    kind,
    severity: count(properties.severity),
    enabled: properties.enabled !== false,
    description: text(properties.description, 1_024),
  };
}

/** The alerts of a Prometheus rule group; its recording rules are none. */
export function readPrometheusRules(raw: unknown): readonly AlertRule[] {
  const properties = record(at(raw, 'properties'));
  const group = text(at(raw, 'id'), 1_024);
  return list(properties.rules, 200)
    .map(record)
    .filter((rule) => text(rule.alert) !== '')
    .map((rule) => ({
      id: `${group}#${text(rule.alert)}`,
      name: text(rule.alert),
      kind: 'prometheus' as const,
      severity: count(rule.severity),
      enabled: properties.enabled !== false && rule.enabled !== false,
      description: text(record(rule.annotations).description, 1_024) || text(rule.expression, 1_024),
    }));
}

/** Whether a rule is about one of these resources, or about a scope that holds them. */
export function isAbout(raw: unknown, resources: readonly string[]): boolean {
  return list(at(raw, 'properties', 'scopes'), 100).some((scope) => {
    const id = text(scope, 1_024);
    return resources.some(
      (resource) =>
        isSameResource(id, resource) || resource.toLowerCase().startsWith(`${id.toLowerCase().replace(/\/+$/, '')}/`),
    );
  });
}

/** One alert that fired, as Alerts Management has it. */
export function readFiredAlert(raw: unknown): FiredAlert {
  const essentials = record(at(raw, 'properties', 'essentials'));
  return {
    id: text(at(raw, 'id'), 1_024),
    name: text(at(raw, 'name')),
    severity: count(text(essentials.severity).replace(/^Sev/i, '')),
    state: text(essentials.alertState),
    condition: text(essentials.monitorCondition),
    at: time(essentials.startDateTime),
    target: text(essentials.targetResource, 1_024),
  };
}
