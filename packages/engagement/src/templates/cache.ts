import type { Template } from '@bellwether/contracts';
import { compileTemplate, type CompiledTemplate } from './compile.ts';

/** Compiled templates, one for each id, as long as it is not changed. */
export class TemplateCache {
  readonly #compiled = new Map<string, { template: Template; ready: Promise<CompiledTemplate> }>();

  compiled(template: Template): Promise<CompiledTemplate> {
    const known = this.#compiled.get(template.id)?.template;
    if (known === undefined || known.mjml !== template.mjml || known.subject !== template.subject)
      this.#compiled.set(template.id, { template, ready: compileTemplate(template) });
    // it was set above where it was not there
    return this.#compiled.get(template.id)!.ready;
  }
}
