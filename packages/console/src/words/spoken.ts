/** The same keys in another language. Chinese has one plural form, so English singulars have no twin. */
export type Spoken<Dictionary> = Record<Exclude<keyof Dictionary, `${string}_one`>, string>;
