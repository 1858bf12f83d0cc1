/** What the first client sends from in the simulated world; the simulator refuses every other sender. */
export const simulatedSenders = {
  domain: 'growth.example',
  /** Days since the domain's warm-up began: it is over (WARM). */
  warmedForDays: 60,
  mailboxes: ['anna@growth.example', 'ben@growth.example'],
  phoneNumber: '+61255501234',
  seat: { accountId: 'seat-1', name: 'Anna Reid' },
};

/** What texts may say about the first client in the simulated world (TEXT-1). */
export const simulatedClient = {
  postalAddress: 'First client, Level 3, 1 Example Street, Sydney NSW 2000, Australia',
  website: 'https://growth.example',
  proofPoints: ['booked 31 first meetings in a quarter for a logistics firm of 80 people'],
  senderName: 'Anna Reid',
};
