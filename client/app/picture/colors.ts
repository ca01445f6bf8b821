export const colorOf = (index: number, role: string): string =>
  role === 'other' ? '#999' : `hsl(${index * 40} 60% 50%)`;
export const rampOf = (): string => 'linear-gradient(90deg, navy, yellow)';
