import { badRequest } from '../api-error.ts';
import { allowed, type User } from './access.ts';
import { answerJson, type Exchange, readBody } from './exchange.ts';

type Review = {
  apiVersion: string;
  kind: string;
  spec?: {
    namespace?: string;
    resourceAttributes?: {
      namespace?: string;
      verb?: string;
      group?: string;
      resource?: string;
      subresource?: string;
      name?: string;
    };
    nonResourceAttributes?: { path?: string; verb?: string };
  };
};

/** What the asking user may do, and who they are. */
export async function answerReview(exchange: Exchange): Promise<void> {
  const review = await readReview(exchange);
  const { user } = exchange;
  const metadata = { creationTimestamp: new Date(exchange.cluster.now()).toISOString().replace(/\.\d+/, '') };
  switch (exchange.request.resource) {
    case 'selfsubjectreviews': {
      const userInfo = { username: user.name, groups: user.groups };
      await answerJson(exchange, 201, { ...head(review), metadata, status: { userInfo } });
      return;
    }
    case 'selfsubjectaccessreviews':
      await answerJson(exchange, 201, {
        ...head(review),
        metadata: {},
        spec: review.spec,
        status: decide(user, review),
      });
      return;
    default:
      await answerJson(exchange, 201, {
        ...head(review),
        metadata: {},
        spec: {},
        status: rulesOf(user, review.spec?.namespace ?? ''),
      });
  }
}

async function readReview(exchange: Exchange): Promise<Review> {
  try {
    return JSON.parse(await readBody(exchange)) as Review;
  } catch {
    throw badRequest('the object provided is unrecognized');
  }
}

function head(review: Review): { kind: string; apiVersion: string } {
  return { kind: review.kind, apiVersion: review.apiVersion };
}

function decide(user: User, review: Review): { allowed: boolean } {
  const resource = review.spec?.resourceAttributes;
  if (resource === undefined) {
    const path = review.spec?.nonResourceAttributes?.path ?? '';
    return {
      allowed:
        user.rules.some((rule) => rule.verbs.includes('*')) ||
        /^\/(api|apis|version|healthz|readyz|livez|openapi)/.test(path),
    };
  }
  return {
    allowed: allowed(user, {
      verb: resource.verb ?? '',
      group: resource.group ?? '',
      resource: resource.resource ?? '',
      subresource: resource.subresource ?? '',
      namespace: resource.namespace ?? '',
    }),
  };
}

function rulesOf(user: User, namespace: string): object {
  const own = user.rules.filter((rule) => rule.namespaces === undefined || rule.namespaces.includes(namespace));
  const paths = [
    '/api',
    '/api/*',
    '/apis',
    '/apis/*',
    '/healthz',
    '/livez',
    '/openapi',
    '/openapi/*',
    '/readyz',
    '/version',
    '/version/',
  ];
  return {
    resourceRules: [
      ...own.map((rule) => ({ verbs: rule.verbs, apiGroups: rule.groups, resources: rule.resources })),
      {
        verbs: ['create'],
        apiGroups: ['authorization.k8s.io'],
        resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
      },
      { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
    ],
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: paths }],
    incomplete: false,
  };
}
