import { asRecord, textField } from '../http-exchange';
import type { EmailCarrier, EmailMessage } from '../ports';
import type { SalesforgeApi } from './account';
import { listIn, notSent, prepared } from './outcome';
import { asHtml, asSubject, variablesOf } from './texts';

/** What the first name is when nobody knows it: Salesforge wants one. */
const namelessly = 'there';

/**
 * Makes the contact, or changes it, so that the carrier has the words of this mail. Harmless: who is in no sequence gets
 * no mail.
 * @returns its id @throws NotSent
 */
export async function writeContact(api: SalesforgeApi, message: EmailMessage, carrier: EmailCarrier): Promise<string> {
  const names = variablesOf(carrier.step);
  const contact = prepared(
    await api.core('POST', '/contacts', {
      email: message.to,
      firstName: carrier.firstName ?? namelessly,
      tags: ['agency-os'],
      customVars: {
        [names.subject]: asSubject(message.subject),
        [names.body]: asHtml(message.text),
      },
    }),
  );
  const id = textField(contact, 'id') ?? textField(asRecord(contact['data']), 'id');
  if (id === null) throw notSent('later', 'malformed_answer');
  return id;
}

/** What a contact is in the sequences that it is in, in Salesforge's words, by the sequence's id. */
export type Places = ReadonlyMap<string, string>;

/** @throws NotSent when nobody can tell */
export async function placesOf(api: SalesforgeApi, contactId: string): Promise<Places> {
  const contact = prepared(await api.core('GET', `/contacts/${encodeURIComponent(contactId)}`));
  const sequences = listIn(contact, 'sequences');
  if (sequences === null) throw notSent('later', 'malformed_answer');
  return new Map(sequences.map((one) => [textField(one, 'id') ?? '', textField(one, 'status') ?? 'none']));
}

/** Words of Salesforge for a contact to whom it sends nothing, and says nothing [off]: it enrols, and that is all. */
const silent = ['dnc', 'unsubscribed', 'bounce-protect', 'bounce_shield', 'failed', 'deleted', 'company_limit_reached'];
export const isSilent = (status: string): boolean => silent.includes(status);

/** Words that hold for the person, in whichever sequence they stand. */
const personal = ['dnc', 'unsubscribed'];
const ofTheAddress = ['bounced', 'bounce-protect', 'bounce_shield'];

/** Why Salesforge would take this contact and send nothing, as far as it tells; null: nothing speaks against it. */
export function silenceOf(places: Places, sequenceId: string): string | null {
  const everywhere = [...places.values()].find((status) => personal.includes(status));
  const here = places.get(sequenceId);
  return everywhere ?? (here !== undefined && ofTheAddress.includes(here) ? here : null);
}

/** Words for one who has got the mail. */
const reached = ['contacted', 'finished', 'completed', 'replied', 'bounced', 'ooo', 'out_of_office'];
export const isReached = (status: string): boolean => reached.includes(status);
