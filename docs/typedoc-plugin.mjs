// Types here come of tables: of rows, of schemas. TypeDoc's tags `@interface`, `@useDeclaredType` and `@inline` have the
// pages show what comes out; this takes away what is left there of how it comes about.
import { CommentTag, Converter, ReflectionKind } from 'typedoc';

/** Of other types, so that the name says nothing of what is inherited. */
const MADE = new Set(['Omit', 'Pick']);

/** Whether a reader can go there. */
const isShown = (type) =>
  type.reflection !== undefined || (type.externalUrl !== undefined && !MADE.has(type.name));

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_context, { comment, name }) => {
    // Else TypeDoc may show the name of the alias as what it is.
    if (comment?.hasModifier('@useDeclaredType'))
      comment.blockTags.push(new CommentTag('@inlineType', [{ kind: 'text', text: name }]));
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const { comment } of project.getReflectionsByKind(ReflectionKind.TypeAlias))
      comment?.removeTags('@inlineType');
    for (const shown of project.getReflectionsByKind(ReflectionKind.Interface)) {
      shown.extendedTypes = shown.extendedTypes?.filter(isShown);
      if (shown.extendedTypes?.length === 0) delete shown.extendedTypes;
      // The row of the table.
      for (const member of shown.children ?? []) delete member.defaultValue;
    }
  });
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const shown of project.getReflectionsByKind(ReflectionKind.Interface)) {
      for (const member of shown.children ?? []) {
        const base = member.inheritedFrom?.reflection?.parent;
        if (!shown.extendedTypes || !base || base === shown) delete member.inheritedFrom;
      }
    }
  });
}
