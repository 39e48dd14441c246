// Audit records in one form: of the dedicated tables, or of AzureDiagnostics, where each is a JSON text in `log_s`.

/** `Verb, User, Source, Agent, Kind, Namespace, Name, Code, AuditId`. */
export function auditRows(table: string): string {
  return table === 'AzureDiagnostics' ? legacy : dedicated(table);
}

function dedicated(table: string): string {
  return [
    table,
    '| extend Account = tostring(User.username), Source = tostring(SourceIps[0]), Kind = tostring(ObjectRef.resource),',
    '    Namespace = tostring(ObjectRef.namespace), Name = tostring(ObjectRef.name), Subresource = tostring(ObjectRef.subresource),',
    '    Code = toint(ResponseStatus.code)',
  ].join('\n');
}

const legacy = [
  'AzureDiagnostics',
  '| where Category in ("kube-audit", "kube-audit-admin")',
  '| extend Event = parse_json(log_s)',
  '| extend Verb = tostring(Event.verb), Stage = tostring(Event.stage), AuditId = tostring(Event.auditID),',
  '    Account = tostring(Event.user.username), Source = tostring(Event.sourceIPs[0]), Kind = tostring(Event.objectRef.resource),',
  '    Namespace = tostring(Event.objectRef.namespace), Name = tostring(Event.objectRef.name),',
  '    Subresource = tostring(Event.objectRef.subresource), Code = toint(Event.responseStatus.code)',
].join('\n');
