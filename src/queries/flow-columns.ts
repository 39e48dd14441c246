// What every question about flows makes of a row. Inside the dynamic columns the casing follows Hubble's flow JSON but
// was never verified (domain §8.2, §12): each name is read in every casing that was seen or documented.

/** `Port` and `Protocol` of the destination. */
export const port = [
  '| extend Four = coalesce(Layer4.TCP, Layer4.tcp, Layer4.UDP, Layer4.udp, Layer4.SCTP, Layer4.sctp)',
  '| extend Port = tostring(coalesce(Four.destination_port, Four.destinationPort, Four.DestinationPort)),',
  '    Protocol = case(isnotnull(coalesce(Layer4.TCP, Layer4.tcp)), "TCP", isnotnull(coalesce(Layer4.UDP, Layer4.udp)), "UDP",',
  '      isnotnull(coalesce(Layer4.SCTP, Layer4.sctp)), "SCTP", isnotnull(coalesce(Layer4.ICMPv4, Layer4.icmpv4)), "ICMP", "")',
].join('\n');

/** `Source` and `Destination`: namespace/workload, else namespace/pod, else what is known of somebody outside. */
export const ends = [end('Source', 'source'), end('Destination', 'destination')].join('\n');

function end(name: string, field: string): string {
  const workload = `${name}Workloads[0]`;
  return [
    `| extend ${name} = case(isnotempty(${name}Namespace),`,
    `    strcat(${name}Namespace, "/", coalesce(tostring(${workload}.name), tostring(${workload}.Name), ${name}PodName)),`,
    `    isnotempty(tostring(coalesce(IP.${field}, IP.${name}))), tostring(coalesce(IP.${field}, IP.${name})), "outside the cluster")`,
  ].join('\n');
}

/** `Flows`: rows are aggregates of 30 s, so rows are not what is counted. */
export const flows =
  '| extend Flows = coalesce(IngressFlowCount, 0) + coalesce(EgressFlowCount, 0) + coalesce(UnknownDirectionFlowCount, 0)';

/** One row for each policy that is named; `Policy` is `namespace/name`, '' where none is. */
export const policies = [
  '| extend Listed = iff(gettype(Policies) == "array", Policies, array_concat(',
  ...['egress_denied_by', 'ingress_denied_by', 'egress_allowed_by', 'ingress_allowed_by'].map(
    (field, at) => `    coalesce(Policies.${field}, Policies.${camel(field)}, dynamic([]))${at === 3 ? '))' : ','}`,
  ),
  '| mv-expand One = iff(array_length(Listed) > 0, Listed, dynamic([null]))',
  '| extend PolicyNamespace = coalesce(tostring(One.namespace), tostring(One.Namespace)),',
  '    PolicyName = coalesce(tostring(One.name), tostring(One.Name))',
  '| extend Policy = iff(isempty(PolicyNamespace), PolicyName, strcat(PolicyNamespace, "/", PolicyName))',
].join('\n');

function camel(field: string): string {
  return field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
