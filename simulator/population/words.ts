/** Names and words of which people and companies are made. */
export const firstNames = [
  'Aaliyah', 'Adam', 'Aisha', 'Alice', 'Amelia', 'Andrew', 'Anika', 'Arjun', 'Ben', 'Bianca', 'Callum', 'Carmen',
  'Charlotte', 'Chloe', 'Clara', 'Daniel', 'David', 'Diego', 'Elena', 'Emily', 'Erik', 'Fatima', 'Felix', 'Fiona',
  'Freya', 'George', 'Grace', 'Hannah', 'Harriet', 'Hugo', 'Imogen', 'Isla', 'Jack', 'James', 'Jasmine', 'Jonas',
  'Julia', 'Kai', 'Katrin', 'Kenji', 'Lachlan', 'Laura', 'Leila', 'Lena', 'Liam', 'Lucas', 'Lucy', 'Maria', 'Marcus',
  'Matilda', 'Mei', 'Mia', 'Michael', 'Mohammed', 'Nadia', 'Nathan', 'Nina', 'Noah', 'Olivia', 'Omar', 'Oscar', 'Paul',
  'Petra', 'Priya', 'Rachel', 'Rafael', 'Rebecca', 'Robert', 'Rosa', 'Ruby', 'Samuel', 'Sarah', 'Sienna', 'Simon',
  'Sofia', 'Stefan', 'Tane', 'Thomas', 'Tobias', 'Vikram', 'William', 'Yasmin', 'Zara', 'Zoe',
] as const; // prettier-ignore

export const lastNames = [
  'Abbott', 'Adler', 'Ahmed', 'Anderson', 'Bauer', 'Becker', 'Bennett', 'Brooks', 'Campbell', 'Carter', 'Chen',
  'Clarke', 'Cooper', 'Costa', 'Davies', 'Diaz', 'Edwards', 'Evans', 'Fischer', 'Fletcher', 'Foster', 'Garcia',
  'Gibson', 'Graham', 'Gupta', 'Haines', 'Hall', 'Hansen', 'Harris', 'Hoffmann', 'Hughes', 'Ivanov', 'Jackson',
  'Jensen', 'Johnston', 'Kaur', 'Keller', 'Kelly', 'Khan', 'Kim', 'Klein', 'Lambert', 'Lee', 'Lewis', 'Lindner', 'Lopez',
  'Martin', 'Mason', 'McKenzie', 'Meyer', 'Mitchell', 'Moore', 'Morgan', 'Murray', 'Nakamura', 'Nguyen', 'Novak',
  'Okafor', 'Oliveira', 'Parker', 'Patel', 'Pham', 'Price', 'Quinn', 'Reid', 'Reyes', 'Richter', 'Rossi', 'Schmidt',
  'Schneider', 'Shah', 'Silva', 'Singh', 'Stewart', 'Sullivan', 'Tanaka', 'Taylor', 'Thompson', 'Turner', 'Vogel',
  'Walker', 'Wang', 'Watson', 'Weber', 'Whitfield', 'Williams', 'Wilson', 'Wright', 'Young', 'Zimmermann',
] as const; // prettier-ignore

export const titles = [
  'Chief Executive Officer', 'Founder', 'Owner', 'Managing Director', 'Chief Operating Officer',
  'Chief Financial Officer', 'Chief Technology Officer', 'Chief Marketing Officer', 'VP Sales', 'VP Operations',
  'VP Marketing', 'Head of Operations', 'Head of Sales', 'Head of Growth', 'Head of Marketing', 'Head of People',
  'Director of Operations', 'Director of Sales', 'Marketing Director', 'IT Director', 'Operations Manager',
  'Senior Operations Manager', 'Sales Manager', 'Marketing Manager', 'Senior Procurement Manager', 'HR Manager',
  'Office Manager', 'Product Manager', 'Account Executive', 'Business Analyst',
] as const; // prettier-ignore

export const companyFirstWords = [
  'Amber', 'Anchor', 'Beacon', 'Blue Gum', 'Bright', 'Bridge', 'Cedar', 'Clear', 'Cobalt', 'Copper', 'Coral', 'Crown',
  'Delta', 'Eagle', 'Ember', 'Fair', 'Falcon', 'Fern', 'First', 'Fox', 'Golden', 'Granite', 'Green', 'Harbour', 'Hazel',
  'Heron', 'High', 'Iron', 'Ivory', 'Jade', 'Juniper', 'Kestrel', 'Keystone', 'Lake', 'Lantern', 'Maple', 'Marble',
  'Meridian', 'Mill', 'North', 'Oak', 'Ocean', 'Olive', 'Orchard', 'Pearl', 'Pine', 'Prime', 'Quarry', 'Raven', 'Red',
  'River', 'Rowan', 'Sage', 'Silver', 'Sky', 'South', 'Spring', 'Stone', 'Summit', 'Swift', 'Tall', 'Tern', 'Thistle',
  'Union', 'Vale', 'Wattle', 'West', 'White', 'Willow', 'Winter',
] as const; // prettier-ignore

export const companySecondWords = [
  'bank', 'bay', 'brook', 'dale', 'field', 'ford', 'gate', 'haven', 'hill', 'line', 'mark', 'peak', 'point', 'port',
  'ridge', 'side', 'stone', 'water', 'way', 'wood',
] as const; // prettier-ignore

/** An industry, and the word by which a company's name shows it. */
export const industries = [
  ['Software', 'Software'],
  ['Logistics', 'Logistics'],
  ['Construction', 'Builders'],
  ['Hospitality', 'Hospitality'],
  ['Manufacturing', 'Works'],
  ['Financial Services', 'Capital'],
  ['Retail', 'Stores'],
  ['Healthcare', 'Health'],
  ['Education', 'Learning'],
  ['Marketing & Advertising', 'Media'],
  ['Real Estate', 'Property'],
  ['Energy', 'Energy'],
  ['Professional Services', 'Advisory'],
  ['Telecommunications', 'Networks'],
] as const;
