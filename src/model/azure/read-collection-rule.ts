import { at, list, record, text } from '../objects/raw.ts';
import type { CollectionRule } from './azure-facts.ts';

/** Which rule an association leads to; '' where it is about an endpoint, or about no resource. */
export function ruleOfAssociation(raw: unknown): string {
  const id = text(at(raw, 'properties', 'dataCollectionRuleId'), longestId);
  return id.startsWith('/subscriptions/') ? id : '';
}

export function readCollectionRule(raw: unknown): CollectionRule {
  const { dataSources, destinations, dataFlows } = record(at(raw, 'properties'));
  const sources = Object.values(record(dataSources)).flatMap((each) => list(each));
  const streams = [...sources, ...list(dataFlows)].flatMap((each) => list(at(each, 'streams')));
  return {
    id: text(at(raw, 'id'), longestId),
    name: text(at(raw, 'name')),
    streams: [...new Set(streams.map((stream) => text(stream)))],
    workspaces: list(at(destinations, 'logAnalytics')).map((each) => text(at(each, 'workspaceResourceId'), longestId)),
  };
}

/** Whether it is about logs of the cluster: other rules (metrics, security) have destinations of their own. */
export function collectsContainers({ streams }: CollectionRule): boolean {
  return streams.some((stream) =>
    /ContainerInsights|ContainerLog|ContainerNetworkLogs|Retina|Kube(Pod|Event)/i.test(stream),
  );
}

const longestId = 500;
