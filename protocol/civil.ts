// Dates of the proleptic Gregorian calendar, for any year: Hinnant, "chrono-Compatible Low-Level Date Algorithms".
// JavaScript's Date and Temporal end at the year 275760; DuckDB's dates do not.

/** Days of 400 years, after which the calendar (weekdays included) begins anew. */
export const CYCLE_DAYS = 146_097;
const CYCLE_YEARS = 400;

/** Days since 1970-01-01 of a date; `month` counts from 1 and may lie beyond 12. */
export function daysOfDate(year: number, month: number, day: number): number {
  const months = year * 12 + month - 1;
  // Years begin in March here, so that the leap day comes last.
  const shifted = Math.floor((months - 2) / 12);
  const monthOfYear = months - 2 - shifted * 12;
  const era = Math.floor(shifted / CYCLE_YEARS);
  const yearOfEra = shifted - era * CYCLE_YEARS;
  const dayOfYear = Math.floor((153 * monthOfYear + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * CYCLE_DAYS + dayOfEra - 719_468;
}

/** The date that lies `days` after 1970-01-01; months and days count from 1. */
export function dateOfDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / CYCLE_DAYS);
  const dayOfEra = shifted - era * CYCLE_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthOfYear = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthOfYear < 10 ? monthOfYear + 3 : monthOfYear - 9;
  return {
    year: yearOfEra + era * CYCLE_YEARS + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthOfYear + 2) / 5) + 1,
  };
}
