import type { SeatRelationState } from '../../prisma/generated/enums';
import type { Sql } from '../sql';

/** What a client's seat is to a lead (LIM: messages only to connections). */
export interface SeatRelation {
  clientId: string;
  senderId: string;
  leadId: string;
  state: SeatRelationState;
}

/**
 * Notes what a seat is to a lead. Who is connected stays so, whatever comes late. A seat or lead that is not the client's
 * is none of its relations; nor is somebody who was erased.
 */
export async function noteSeatRelation(sql: Sql, relation: SeatRelation, since: Date): Promise<void> {
  const { clientId, senderId, leadId, state } = relation;
  await sql`
    INSERT INTO seat_relation AS r (sender_id, lead_id, client_id, state, since)
    SELECT s.id, l.id, s.client_id, ${state}::"SeatRelationState", ${since}
    FROM sender s JOIN lead l ON l.client_id = s.client_id
    WHERE s.id = ${senderId}::uuid AND l.id = ${leadId}::uuid AND s.client_id = ${clientId}::uuid
      AND s.kind = 'linkedin_seat' AND l.linkedin_profile IS NOT NULL
    FOR KEY SHARE OF l
    ON CONFLICT (sender_id, lead_id) DO UPDATE SET state = EXCLUDED.state, since = EXCLUDED.since
    WHERE r.state = 'invited' AND EXCLUDED.state = 'connected'`;
}

/** The provider says that they are strangers: forgets what the seat was to this person, under all of their addresses. */
export async function forgetSeatRelation(
  sql: Sql,
  { clientId, senderId, leadId }: Omit<SeatRelation, 'state'>,
): Promise<void> {
  await sql`
    DELETE FROM seat_relation r USING lead l, lead same
    WHERE l.id = ${leadId}::uuid AND same.client_id = l.client_id AND same.linkedin_profile = l.linkedin_profile
      AND r.lead_id = same.id AND r.sender_id = ${senderId}::uuid AND r.client_id = ${clientId}::uuid`;
}
