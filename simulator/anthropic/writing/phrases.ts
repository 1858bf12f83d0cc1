import type { Brief } from './prompt';

export type TextPurpose = 'intro' | 'connect' | 'value' | 'nudge';

type Phrases = Record<TextPurpose, readonly string[]>;

/** The lead's world in words that fit into a sentence; nothing is claimed that the brief does not say. */
function world({ lead, company, client }: Brief) {
  const at = company.name || 'your company';
  return {
    at,
    team: company.name ? `the team at ${company.name}` : 'your team',
    role: lead.title ? `your role as ${lead.title}` : 'your role',
    field: company.industry ? `companies in ${company.industry}` : 'companies like yours',
    place: company.city ? ` in ${company.city}` : '',
    us: client.name || 'our team',
  };
}

export function subjects(brief: Brief, purpose: TextPurpose): readonly string[] {
  const { at, team, field, us } = world(brief);
  const all: Phrases = {
    intro: [`A thought for ${at}`, `${us} and ${at}`, `An idea for ${team}`, `New conversations for ${at}`],
    connect: [`Following up with ${team}`, `A short call, ${at}?`, `Is this on your list at ${at}?`],
    value: [`What helps ${field}`, `Something useful for ${team}`, `How ${us} would start with ${at}`],
    nudge: [`Shall I close this for ${at}?`, `A last note for ${team}`, `Leaving this with you`],
  };
  return all[purpose];
}

/** Why this person. */
export function hooks(brief: Brief, purpose: TextPurpose): readonly string[] {
  const { at, team, role, field, place, us } = world(brief);
  const all: Phrases = {
    intro: [
      `I came across ${at}${place} and thought that ${role} is close to what we work on at ${us}.`,
      `Looking at ${field}, ${at} stood out, and ${role} made me think of you first.`,
      `I am writing because ${us} works with ${field}, and ${team} seemed a good fit.`,
      `In ${role} you probably decide where ${at} looks for its next clients.`,
    ],
    connect: [
      `I wrote to you recently about ${at} and wanted to put a voice to the name.`,
      `I would like to be in touch with people who shape ${field}, and ${role} caught my eye.`,
      `Following on from my message, I am curious how ${team} goes about finding new business.`,
      `I keep an eye on ${field} and would be glad to have ${at} among my contacts.`,
    ],
    value: [
      `Something that may be useful to ${team}, whether or not we ever work together.`,
      `We often hear the same from ${field}: the first conversation is the hard part.`,
      `I have been thinking about what would help ${at} most, given ${role}.`,
      `Before I leave you in peace, here is the one idea I would try first at ${at}.`,
    ],
    nudge: [
      `I do not want to crowd your inbox, so this is my last note.`,
      `I have reached out before about ${at} and will leave it here.`,
      `If the timing is wrong for ${team}, that is fine with me.`,
    ],
  };
  return all[purpose];
}

/** What there is in it for them. */
export function offers(brief: Brief, purpose: TextPurpose): readonly string[] {
  const { at, team, field, us } = world(brief);
  const all: Phrases = {
    intro: [
      `${us} helps ${field} to start more conversations with the right people, without adding to the workload.`,
      `We take the routine out of outreach, so that ${team} can spend its time on people who want to talk.`,
      `At ${us} we look after the first contact, and you step in once there is real interest.`,
    ],
    connect: [
      `It takes little to find out whether ${us} could be of use to ${at}.`,
      `I can show you how we would go about it for ${at}, step by step.`,
      `Other ${field} use us for the first contact and keep the rest in their own hands.`,
    ],
    value: [
      `Start with fewer people and write to each as if there were no one else; interest follows care.`,
      `Keep the first message about them, not about you, and agree early on what a good answer looks like.`,
      `Choose the moment well: a message during a quiet hour of the morning gets read, others get skimmed.`,
    ],
    nudge: [
      `Should it become a topic at ${at}, ${us} will be glad to help.`,
      `The offer to look at it together with ${team} stands.`,
      `You know where to find us when ${at} wants more of the right conversations.`,
    ],
  };
  return all[purpose];
}

/** What we would like them to do. */
export function asks(brief: Brief, purpose: TextPurpose): readonly string[] {
  const { at, team } = world(brief);
  const all: Phrases = {
    intro: [
      `Would a short call be worth your while?`,
      `Is this something you would like to hear more about?`,
      `Who at ${at} would be the best person to talk to about it?`,
    ],
    connect: [
      `Could we find a moment to talk?`,
      `Would you be open to a short exchange?`,
      `I would be glad to connect and hear how ${team} sees it.`,
    ],
    value: [
      `Shall I sketch what this could look like for ${at}?`,
      `If that rings true, I am happy to share how we would begin.`,
      `Would it help if I put a few notes together for ${team}?`,
    ],
    nudge: [
      `Is it worth one more conversation, or shall I let it rest?`,
      `A simple yes or no is enough for me.`,
      `Shall I get back to you another time, or close this for good?`,
    ],
  };
  return all[purpose];
}
