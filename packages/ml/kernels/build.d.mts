export function families(): string[];
export function moduleFile(family: string): string;
