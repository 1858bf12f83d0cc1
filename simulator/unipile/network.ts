import { slugOf } from '../people';

export interface SentInvitation {
  id: string;
  seat: string;
  profileUrl: string;
  text: string;
  at: Date;
}

export interface Relation {
  seat: string;
  profileUrl: string;
  at: Date;
}

export interface SentMessage {
  id: string;
  seat: string;
  profileUrl: string;
  text: string;
  at: Date;
}

/** Who is invited by, connected to and written to by which seat. */
export interface LinkedInNetwork {
  pending(seat: string): SentInvitation[];
  isPending(seat: string, profileUrl: string): boolean;
  isConnected(seat: string, profileUrl: string): boolean;
  relations(seat: string): Relation[];
  /** What a seat has written to a person, in order of time. */
  messages(seat: string, profileUrl: string): SentMessage[];
  invite(invitation: SentInvitation): void;
  connect(relation: Relation): void;
  write(message: SentMessage): void;
  /** The person accepts whatever invitations are pending. */
  accept(profileUrl: string, at: Date): void;
}

export function createNetwork(): LinkedInNetwork {
  let invitations: SentInvitation[] = [];
  const relations: Relation[] = [];
  const messages: SentMessage[] = [];
  const isOf = (profileUrl: string) => {
    const slug = slugOf(profileUrl);
    return (entry: { profileUrl: string }): boolean => slugOf(entry.profileUrl) === slug;
  };
  const pending = (seat: string): SentInvitation[] => invitations.filter((entry) => entry.seat === seat);
  const relationsOf = (seat: string): Relation[] => relations.filter((entry) => entry.seat === seat);
  return {
    pending,
    isPending: (seat, profileUrl) => pending(seat).some(isOf(profileUrl)),
    isConnected: (seat, profileUrl) => relationsOf(seat).some(isOf(profileUrl)),
    relations: relationsOf,
    messages: (seat, profileUrl) => messages.filter((entry) => entry.seat === seat).filter(isOf(profileUrl)),
    connect: (relation) => void relations.push(relation),
    write: (message) => void messages.push(message),
    invite: (invitation) => void invitations.push(invitation),
    accept(profileUrl, at) {
      const accepted = invitations.filter(isOf(profileUrl));
      invitations = invitations.filter((entry) => !accepted.includes(entry));
      relations.push(...accepted.map(({ seat }) => ({ seat, profileUrl, at })));
    },
  };
}
