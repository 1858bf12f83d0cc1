/**
 * Why a mail was not taken, whether it was said at once or told later by mail.
 * - badAddress: nobody reads it, nor ever will (SEQ-4: hard).
 * - full: the mailbox is full, greylisted, away for a while (soft).
 * - blocked: policy, size, content, reputation or the sender's own fault: nothing is said about the person.
 */
export type Refusal = 'badAddress' | 'full' | 'blocked';

const addressWords =
  /\b(user|recipient|mailbox|address|account|addressee|benutzer|empf(ä|ae?)nger\w*|destinataire|destinatario|utente|usuario|ontvanger|gebruiker)\b[^.\n]{0,60}\b(unknown|not (be )?found|does(n'?t| not)( seem to)? exist|not exist|no longer (exists?|available|valid|in use|active|with)|invalid|not (a )?valid|disabled|deactivated|inactive|suspended|closed|not (listed|known|local|here)|unbekannt|existiert nicht|inconnu|inexistante?|desconocid\w+|no existe|sconosciut\w+|inesistente|onbekend|bestaat niet|rejected: access denied)\b|\b(unknown|no such|invalid|non-?existent|bad|not a valid|no|unrouteable|unroutable|unrecogni[sz]ed|inactive|disabled)\b[^.\n]{0,12}\b(user|recipient|mailbox|address|account|person|local part|destination (mailbox )?address)\b|\bdoes(n'?t| not) have an? [\w. ]{0,30}account|\bno mailbox (here|by that name)|\baddress(ee)? (rejected|unknown)\b(?!.{0,40}(policy|spam|block|greylist))|\bno longer (works?|employed)\b|\b(host|domain)\b[^.\n]{0,40}\b(not found|does(n'?t| not) exist|unknown|no(t)? (such|valid))|\bno such domain|\bnxdomain\b/i;
const fullWords =
  /\b(mailbox|account|inbox|quota|postfach|bo(î|i)te|buz(ó|o)n|casella)\b[^.\n]{0,40}\b(full|exceed\w*|over|voll|pleine|lleno|piena|vol)\b|\bover ?quota|\bquota (exceeded|full)|\binsufficient (disk|system|storage|space)|\bout of storage|\b(grey|gray)list|\btry (again )?later|\btemporar(y|ily)|\btimed? ?out|\bretry timeout|\bcould not connect|\bconnection (refused|reset)|\btoo many (connections|messages|mails)|\brate limit/i;
const blockedWords =
  /\b(spam|spf|dkim|dmarc|unsolicited|bulk|black ?list\w*|block ?list\w*|blocked|reputation|policy|policies|denied|prohibited|not (allowed|permitted|authori[sz]ed)|rbl|dnsbl|spamhaus|barracuda|proofpoint|mimecast|virus|malware|content (rejected|filter)|message (size|too (large|big))|size (limit|exceed)|exceeds? (the )?(maximum|size)|too large|relay(ing)?( access)?|authenticat\w+|reverse dns|ptr record|tls required|banned)\b/i;

/**
 * @param code RFC 3463, "5.1.1"; null: none is given
 * @param text the diagnostic, in the words of the host that refused
 * @returns null when neither tells
 */
export function refusalOf(code: string | null, text: string): Refusal | null {
  const saysAddress = addressWords.test(text);
  // Some hosts refuse unknown people by codes of policy or routing, and say so in words.
  const isPolicy = blockedWords.test(text) && !/\brejected: access denied\b/i.test(text);
  if (code !== null) return byCode(code, { saysAddress: saysAddress && !isPolicy, saysFull: fullWords.test(text) });
  if (saysAddress && !isPolicy) return 'badAddress';
  if (fullWords.test(text)) return 'full';
  if (isPolicy) return 'blocked';
  return null;
}

function byCode(code: string, said: { saysAddress: boolean; saysFull: boolean }): Refusal {
  const [severity, subject, detail] = code.split('.').map(Number);
  if (severity === 4) return 'full';
  switch (subject) {
    case 1: // Addresses: .7 and .8 speak of the sender's.
      return detail === 7 || detail === 8 ? 'blocked' : 'badAddress';
    case 2: // Mailbox: disabled; full; message too long for it.
      if (detail === 1) return 'badAddress';
      return detail === 3 ? 'blocked' : 'full';
    case 3: // Mail system: message too big.
      return detail === 4 ? 'blocked' : 'full';
    case 4: // Routing: no host (.4, .310), Microsoft's word for an unknown recipient (.1); else time ran out.
      return detail === 4 || detail === 310 || said.saysAddress ? 'badAddress' : 'full';
    case 5:
    case 6: // Protocol and content.
      return said.saysAddress ? 'badAddress' : 'blocked';
    case 7: // Security and policy.
      return said.saysAddress ? 'badAddress' : 'blocked';
    default: // 5.0.0 says nothing: the words do.
      if (said.saysAddress) return 'badAddress';
      return said.saysFull ? 'full' : 'blocked';
  }
}
