// What was done to resources, by whom: written minutes late, as Azure does.
import { answerJson } from '../answers.ts';
import { azurePlace } from '../azure-settings.ts';
import { guidOf } from '../guid.ts';
import type { AzureAnswer } from '../route.ts';
import { ArmError } from './arm-error.ts';
import { type ArmRequest, pageOf } from './arm-request.ts';

export type Activity = {
  at: number;
  /** `Microsoft.ContainerService/managedClusters/write`, and as the portal words it. */
  operation: string;
  title: string;
  status: 'Started' | 'Accepted' | 'Succeeded' | 'Failed';
  /** A user's name, or an application's ID. */
  caller: string;
  resource: string;
  /** Entries of one operation share it. */
  correlation: string;
  /** Why it failed. */
  message?: string;
};

export type ActivityLog = {
  add(activity: Activity): void;
  /** Oldest first. */
  entries(): readonly Activity[];
  answer(request: ArmRequest): AzureAnswer;
};

type Options = { url(): string; now(): number; pageSize(): number; delayMs(): number; seeds: readonly Activity[] };

const most = 2_000;

export function createActivityLog({ url, now, pageSize, delayMs, seeds }: Options): ActivityLog {
  const entries: Activity[] = [...seeds];
  return {
    add(activity) {
      entries.push(activity);
      if (entries.length > most) entries.shift();
    },
    entries: () => entries,
    answer(request) {
      const filter = readFilter(request.query.get('$filter') ?? '');
      const until = Math.min(filter.to, now() - delayMs());
      const matching = entries
        .filter((one) => one.at >= filter.from && one.at <= until && filter.matches(one))
        .sort((a, b) => b.at - a.at);
      const page = pageOf(matching, request, url(), pageSize());
      return answerJson(200, { ...page, value: page.value.map(eventOf) });
    },
  };
}

type Filter = { from: number; to: number; matches(activity: Activity): boolean };

/** The service takes few forms: a beginning, an end, and one of group, resource and provider. */
function readFilter(text: string): Filter {
  const clauses = text.split(/\s+and\s+/i).filter((clause) => clause !== '');
  const filter: Filter = { from: Number.NaN, to: Number.POSITIVE_INFINITY, matches: () => true };
  for (const clause of clauses) {
    const [, field = '', operator = '', value = ''] =
      /^\s*(\w+)\s+(eq|ge|le|gt|lt)\s+'([^']*)'\s*$/i.exec(clause) ?? [];
    const wanted = value.toLowerCase();
    switch (`${field.toLowerCase()} ${operator.toLowerCase()}`) {
      case 'eventtimestamp ge':
        filter.from = Date.parse(value);
        break;
      case 'eventtimestamp le':
        filter.to = Date.parse(value);
        break;
      case 'resourcegroupname eq':
        filter.matches = ({ resource }) => `${resource.toLowerCase()}/`.includes(`/resourcegroups/${wanted}/`);
        break;
      case 'resourceuri eq':
      case 'resourceid eq':
        filter.matches = ({ resource }) => `${resource.toLowerCase()}/`.startsWith(`${wanted}/`);
        break;
      case 'resourceprovider eq':
        filter.matches = ({ resource }) => resource.toLowerCase().includes(`/providers/${wanted}/`);
        break;
      case 'correlationid eq':
        filter.matches = ({ correlation }) => correlation === wanted;
        break;
      default:
        throw new ArmError(400, 'BadRequest', `The filter clause '${clause}' is not supported.`);
    }
  }
  if (Number.isNaN(filter.from)) {
    throw new ArmError(
      400,
      'BadRequest',
      'The $filter parameter must contain eventTimestamp ge with a date of the last 90 days.',
    );
  }
  return filter;
}

function eventOf(activity: Activity) {
  const { at, operation, title, status, caller, resource, correlation, message } = activity;
  const id = guidOf(`${correlation} ${status} ${at}`);
  const [namespace = ''] = operation.split('/');
  const isPerson = caller.includes('@');
  const time = new Date(at).toISOString().replace(/Z$/, '0000Z');
  return {
    id: `${resource}/events/${id.slice(0, 8)}/ticks/${at}`,
    eventDataId: id,
    caller,
    channels: 'Operation',
    claims: isPerson ? { name: 'Mara Lind', ipaddr: '203.0.113.17' } : { appid: caller },
    correlationId: correlation,
    category: { value: 'Administrative', localizedValue: 'Administrative' },
    eventName: { value: status === 'Started' ? 'BeginRequest' : 'EndRequest', localizedValue: '' },
    eventTimestamp: time,
    submissionTimestamp: new Date(at + 150_000).toISOString().replace(/Z$/, '0000Z'),
    level: status === 'Failed' ? 'Error' : 'Informational',
    operationId: correlation,
    operationName: { value: operation, localizedValue: title },
    resourceGroupName: /\/resourcegroups\/([^/]+)/i.exec(resource)?.[1] ?? '',
    resourceProviderName: { value: namespace, localizedValue: namespace },
    resourceType: { value: operation.split('/').slice(0, -1).join('/'), localizedValue: '' },
    resourceId: resource,
    status: { value: status, localizedValue: status },
    subStatus: { value: '', localizedValue: '' },
    subscriptionId: azurePlace.subscription,
    tenantId: azurePlace.tenant,
    ...(message === undefined
      ? {}
      : { properties: { statusMessage: JSON.stringify({ status: 'Failed', error: { code: 'Failed', message } }) } }),
  };
}
