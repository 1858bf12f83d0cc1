/**
 * Texts travel as variables of the contact. In Salesforge's templates `{{a | b}}` chooses between words [3p], so neither
 * braces nor bars of ours may reach it as such.
 */
export function asSubject(subject: string): string {
  return subject.replaceAll('{{', '{ {').replaceAll('}}', '} }').replaceAll('|', '/');
}

/** A plain text as the HTML that Salesforge wants; the sequence turns it into plain text again. */
export function asHtml(text: string): string {
  const escaped = text.trimEnd().replace(/[&<>"{}|]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return escaped
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br>')}</p>`)
    .join('<p><br></p>');
}

/** Variables of a contact, by step: a mail that has not left must not change its words when the next one is handed over. */
export const variablesOf = (step: number) => ({ subject: `aos_subject_${step}`, body: `aos_body_${step}` });
