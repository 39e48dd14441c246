import { describe, expect, it } from 'vitest';
import { portArgument, readQuestion } from '../../src/panes/named-question.ts';

const asked = (text: string) => {
  const read = readQuestion(text.split(' '));
  return typeof read === 'string' ? read : [read.from, read.to, portArgument(read)];
};

describe('what is typed after :why', () => {
  it.for<[string, readonly string[]]>([
    ['pay/checkout shop/db:5432', ['pay/checkout', 'shop/db', '5432/TCP']],
    ['pay/checkout shop/db', ['pay/checkout', 'shop/db', '']],
    ['pay/checkout shop/db 5432', ['pay/checkout', 'shop/db', '5432/TCP']],
    ['pay/checkout shop/db 5432/udp', ['pay/checkout', 'shop/db', '5432/UDP']],
    ['pay/checkout svc/shop/db:53/UDP', ['pay/checkout', 'svc/shop/db', '53/UDP']],
    ['a/b c/d:8/ICMP', ['a/b', 'c/d', '8/ICMP']],
    ['a/b c/d:0/icmp', ['a/b', 'c/d', '0/ICMP']],
    ['a/b 10.1.2.3:443', ['a/b', '10.1.2.3', '443/TCP']],
    ['a/b fd00::1', ['a/b', 'fd00::1', '']],
    ['a/b fd00::1 443', ['a/b', 'fd00::1', '443/TCP']],
    ['a/b [fd00::1]:443', ['a/b', 'fd00::1', '443/TCP']],
    ['a/b entity:world', ['a/b', 'entity:world', '']],
    ['a/b entity:world:443', ['a/b', 'entity:world', '443/TCP']],
    ['a/b fqdn:1password.com', ['a/b', 'fqdn:1password.com', '']],
    ['a/b fqdn:example.com:443', ['a/b', 'fqdn:example.com', '443/TCP']],
    ['entity:world shop/web:8080', ['entity:world', 'shop/web', '8080/TCP']],
    // One end: whose port is named is the one that is connected to.
    ['shop/db', ['shop/db', '', '']],
    ['shop/db:5432', ['', 'shop/db', '5432/TCP']],
  ])('%s', ([text, wanted]) => {
    expect(asked(text)).toEqual(wanted);
  });

  it.for<[string, RegExp]>([
    ['a/b c/d:http', /"http" is no port: 5432, 53\/UDP/],
    ['a/b c/d:70000', /"70000" is no port/],
    ['a/b c/d:0', /"0" is no port/],
    ['a/b c/d:80/QUIC', /"80\/QUIC" is no port/],
    ['a/b c/d 80 90', /"90" is neither/],
    ['a/b:80 c/d', /a\/b:80 connects from a port of its own choice/],
  ])('%s is told what is wrong with it', ([text, wanted]) => {
    expect(asked(text)).toMatch(wanted);
  });
});
