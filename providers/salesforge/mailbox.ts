import { textField } from '../http-exchange';
import type { SalesforgeApi } from './account';
import { listIn, notSent, prepared } from './outcome';

/** Salesforge's id of a connected mailbox. @throws NotSent: it is not connected there, or nobody can tell */
export async function mailboxIdOf(api: SalesforgeApi, address: string): Promise<string> {
  const query = new URLSearchParams({ limit: '10', 'addresses[]': address });
  const list = prepared(await api.core('GET', `/mailboxes?${query.toString()}`));
  const found = (listIn(list, 'data') ?? []).find((one) => textField(one, 'address')?.toLowerCase() === address);
  const id = textField(found ?? {}, 'id');
  if (id === null) throw notSent('resource', 'mailbox_not_connected');
  const status = textField(found ?? {}, 'status');
  if (status !== null && status !== 'active') throw notSent('resource', 'mailbox_not_active');
  return id;
}
