import { randomBytes, randomInt } from 'node:crypto';
import type { AzurePace } from './azure-pace.ts';

export type DeviceCode = { device: string; user: string; scope: string; until: number; approvedAt: number };
type State = 'pending' | 'approved' | 'declined' | 'expired' | 'unknown';

/** Codes that somebody is to type elsewhere, and whether they have. */
export type DeviceCodes = {
  begin(scope: string): DeviceCode;
  /** What has become of it. An approved one can be used once. */
  redeem(device: string): { state: State; scope: string };
  /** '' or absent: every pending one. Returns how many. */
  approve(user?: string): number;
  decline(user?: string): number;
  pending(): readonly string[];
};

export function createDeviceCodes(pace: Pick<AzurePace, 'deviceCodeSeconds' | 'deviceApprovalSeconds'>): DeviceCodes {
  const codes = new Map<string, DeviceCode & { declined: boolean }>();
  const open = (user = '') => {
    const now = Date.now();
    return [...codes.values()].filter((one) => !one.declined && one.until > now && (user === '' || one.user === user));
  };
  return {
    begin(scope) {
      const now = Date.now();
      const { deviceCodeSeconds, deviceApprovalSeconds } = pace;
      const code = {
        device: randomBytes(32).toString('base64url'),
        user: Array.from({ length: 9 }, () => letters[randomInt(letters.length)]).join(''),
        scope,
        until: now + deviceCodeSeconds * 1000,
        approvedAt: deviceApprovalSeconds === 0 ? Number.POSITIVE_INFINITY : now + deviceApprovalSeconds * 1000,
        declined: false,
      };
      codes.set(code.device, code);
      return code;
    },
    redeem(device) {
      const code = codes.get(device);
      if (code === undefined) return { state: 'unknown', scope: '' };
      const now = Date.now();
      const { scope } = code;
      if (code.declined) return { state: 'declined', scope };
      if (code.until <= now) return { state: 'expired', scope };
      if (code.approvedAt > now) return { state: 'pending', scope };
      codes.delete(device);
      return { state: 'approved', scope };
    },
    approve(user) {
      const found = open(user);
      for (const code of found) code.approvedAt = 0;
      return found.length;
    },
    decline(user) {
      const found = open(user);
      for (const code of found) code.declined = true;
      return found.length;
    },
    pending: () => open().map((code) => code.user),
  };
}

/** Those that are not mistaken for one another. */
const letters = 'BCDFGHJKLMNPQRSTVWXYZ23456789';
