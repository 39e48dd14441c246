import { at, count, list, record, text } from '../objects/raw.ts';
import type { MaintenanceWindow } from './azure-facts.ts';

/**
 * One of `maintenanceConfigurations`: the two for upgrades have a `maintenanceWindow` with one kind of schedule; the
 * older one, for AKS's own releases, has hours of weekdays.
 */
export function readMaintenanceWindow(raw: unknown): MaintenanceWindow {
  const properties = at(raw, 'properties');
  const window = record(at(properties, 'maintenanceWindow'));
  return {
    name: text(at(raw, 'name')),
    schedule: scheduleOf(record(window.schedule)) || hoursOf(at(properties, 'timeInWeek')),
    durationHours: count(window.durationHours),
    startTime: text(window.startTime),
    utcOffset: text(window.utcOffset),
  };
}

function scheduleOf(schedule: Readonly<Record<string, unknown>>): string {
  const daily = record(schedule.daily);
  const weekly = record(schedule.weekly);
  const monthly = record(schedule.absoluteMonthly);
  const relative = record(schedule.relativeMonthly);
  if (schedule.daily) return every(daily.intervalDays, 'day');
  if (schedule.weekly) return `${every(weekly.intervalWeeks, 'week')} on ${text(weekly.dayOfWeek)}`;
  if (schedule.absoluteMonthly) {
    return `${every(monthly.intervalMonths, 'month')} on day ${count(monthly.dayOfMonth)}`;
  }
  if (schedule.relativeMonthly) {
    const week = text(relative.weekIndex).toLowerCase();
    return `${every(relative.intervalMonths, 'month')} on the ${week} ${text(relative.dayOfWeek)}`;
  }
  return '';
}

function every(interval: unknown, unit: string): string {
  const number = count(interval);
  return number > 1 ? `every ${number} ${unit}s` : `every ${unit}`;
}

/** `Monday at 1, 2 · Friday at 3`: whole hours, UTC. */
function hoursOf(value: unknown): string {
  return list(value, 7)
    .map((day) => `${text(at(day, 'day'))} at ${list(at(day, 'hourSlots'), 24).map(count).join(', ')}`)
    .join(' · ');
}
