import {
  formatAddress,
  parseAddress,
  type AddressFault,
} from '../../../protocol/address/address.js';
import type { View } from '../../../protocol/address/view.js';
import {
  formatDashboardAddress,
  parseDashboardAddress,
  type DashboardView,
} from '../../../protocol/dashboard/address.js';

/** A page of the app, with all that a person chose on it. */
export type Place =
  | { page: 'start' }
  | { page: 'jobs' }
  | { page: 'explore'; view: View }
  | { page: 'dashboard'; view: DashboardView };

export const START: Place = { page: 'start' };

/** Reads an address relative to the base path; what is no other page is the start page. */
export function parsePlace(address: string): { place: Place; faults: readonly AddressFault[] } {
  const explored = parseAddress(address);
  if (explored) return { place: { page: 'explore', view: explored.view }, faults: explored.faults };
  const dashboard = parseDashboardAddress(address);
  if (dashboard) {
    return { place: { page: 'dashboard', view: dashboard.view }, faults: dashboard.faults };
  }
  if (/^jobs\/?(?:[?#]|$)/u.test(address)) return { place: { page: 'jobs' }, faults: [] };
  return { place: START, faults: [] };
}

/** The address of a page, relative to the base path. */
export function formatPlace(place: Place): string {
  switch (place.page) {
    case 'explore':
      return formatAddress(place.view);
    case 'dashboard':
      return formatDashboardAddress(place.view);
    case 'jobs':
      return 'jobs';
    default:
      return './';
  }
}
