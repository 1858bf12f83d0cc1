/** One way to ask to be left alone. Read in lower case, without accents. */
export interface Wish {
  pattern: RegExp;
  /** The wish is itself a negation ("do not contact me"): a word of negation before it is a part of it. */
  negates?: true;
}

/** Where a command may begin: a sentence, a clause, after courtesies, or after what makes a request of it. */
const begins =
  "(?:^|[,:;(]\\s*|\\b(?:please|pls|plz|kindly|just|simply|and|so|then|or|but|can you|could you|would you|will you|you (?:can|could|should|must|may|have to|need to)|(?:want|need|would like|'d like|like|asked?|asking|request|told|tell|telling|prefer|demand|insist|instruct|wish|love|(?:appreciate|grateful|glad)(?: it)? if)(?: that)?(?: you| u)?(?: to| could| would)?|i said|again|now|hi|hello|hey|to be|be|immediately|permanently|hereby|thanks|no|nope|ok|okay|guys|sir|team|time to)\\s+)(?:hi |hello |dear )?(?:\\w+,\\s*)?(?:please |pls |plz |kindly |just |immediately |permanently |also )*";
const me =
  '(?:me|us|myself|my|our|mine|this (?:address|e-?mail|number|inbox|mailbox|contact|lead|phone|person)|these (?:addresses|numbers)|the (?:above|below)|\\S+@\\S+)';
const contacting =
  '(?:contact(?:ing)?|e-?mail(?:ing)?|mail(?:ing)?|messag(?:e|ing)|msg(?:ing)?|text(?:ing)?|call(?:ing)?|phon(?:e|ing)|ring(?:ing)?|writ(?:e|ing)|send(?:ing)?|spam(?:ming)?|both(?:er|ering)|pester(?:ing)?|harass(?:ing)?|disturb(?:ing)?|solicit(?:ing)?|chas(?:e|ing)|prospect(?:ing)?|follow(?:ing)?[- ]?up|reach(?:ing)? out|connect(?:ing)?|approach(?:ing)?|sell(?:ing)?|pitch(?:ing)?)';
const messages =
  '(?:e-?mails?|mails?|mailings?|messages?|texts?|sms|calls?|spam|contact|communications?|correspondence|newsletters?|marketing|solicitations?|outreach|follow[- ]?ups?|sequences?|offers?|pitch(?:es)?|crap|junk|rubbish|nonsense|garbage)';
/** What makes "don't call me" a matter of when or how, not of whether. */
const onlyNow =
  '(?![^.!?]*\\b(?:before|until|till|today|tomorrow|tonight|this (?:week|morning|afternoon|month)|right now|at the moment|during|after \\d|on (?:mon|tues|wednes|thurs|fri)\\w*|on my|at this number|at work|instead|unless|without|rather|but (?:call|e-?mail|mail|write|text|ring|message|try))\\b)';

const wish = (pattern: string): Wish => ({ pattern: new RegExp(pattern) });
const refusal = (pattern: string): Wish => ({ pattern: new RegExp(pattern), negates: true });

const english: Wish[] = [
  wish(
    `${begins}(?:remove|delete|erase|scrub|purge|exclude|strike|omit|wipe) ${me}\\b(?! (?:from the (?:meeting|call|invite|cc|thread)))`,
  ),
  wish(
    `${begins}(?:removed?|deleted?|erased?|take|taken) (?:from|off|out of) (?:\\w+ ){0,4}(?:lists?|database|systems?|records|crm|mailings?|campaigns?|sequence|cadence|e-?mails|distribution)\\b`,
  ),
  wish(
    '\\b(?:want|wish|like|ask|asked|asking|request|requested|need) (?:\\w+ ){0,2}to be (?:removed|deleted|taken off|unsubscribed|opted out|left alone|excluded)\\b',
  ),
  wish(
    `${begins}(?:take|get|strike|cross|drop|leave|keep) (?:me|us|my \\w+|our \\w+|this \\w+) (?:off|out of|from)\\b(?! (?:hold|the hook|speaker|guard|the wait))`,
  ),
  wish(`${begins}(?:please )?remove(?: thanks?| thank you| please| immediately| asap)?\\W*$`),
  wish(
    '\\bremove (?:\\w+ ){1,4}from (?:your|the|this|any|all|future) (?:\\w+ ){0,3}(?:lists?|database|systems?|records|crm|mailings?|campaigns?|sequence|e-?mails)\\b',
  ),
  wish(`${begins}(?:unsubscribe|unsub)\\b(?! (?:button|link|page|rate|feature|header|my|our (?!\\w*mail)))`),
  wish(
    '\\b(?:want|wish|like|love|need|trying|tried|prefer|happy|how (?:do|can) (?:i|we)) (?:to )?(?:unsubscribe|opt[- ]?out|be removed)\\b(?! (?:my|our) (?:old|users?|customers?|supplier))',
  ),
  wish(`${begins}opt (?:me |us |this \\w+ )?out\\b`),
  wish("\\bi(?: hereby|'m|\\s+am|\\s+would like to|'d like to)? opt(?:ing)?[- ]?out\\b"),
  wish(
    `${begins}stop (?:this |these |the |your |all |any |with |it |sending |further |more |future |unsolicited )*(?:${contacting}|${messages})\\b(?! (?:centre|center|volume|costs?|queue))`,
  ),
  wish(
    `${begins}stop(?: it| this| that| these| already| now| please| pls| asap| immediately| thanks?| thank you| at once| stop)*\\W*$`,
  ),
  wish('^(?:\\w+,? ){0,3}(?:not interested|wrong \\w+|no|nope|enough)[ ,]*stop\\W*$'),
  wish(`${begins}cease (?:and desist|all|any|contact\\w*|e?-?mail\\w*|further|sending|communication|your)`),
  refusal(
    `\\b(?:do not|don't|dont|never|not to|no longer|stop|won't you not) (?:ever |please |you |try to |attempt to )*${contacting}\\b${onlyNow}(?: (?:to|out to))? ?(?:me|us|here|again|any ?more|any|my|our|this|further|more|these|unsolicited|marketing)\\b`,
  ),
  refusal(`\\bnever ${contacting}(?: to)? (?:me|us)\\b`),
  refusal(
    `\\b(?:do not|don't|dont|no longer|not) (?:want|wish|care|need|consent|agree|intend|like)(?: for)?(?: you| your company| anyone)? ?(?:to )?(?:receiv(?:e|ing)|get(?:ting)?|hear(?:ing)? from you|be ${contacting}\\w*|be contacted|be e-?mailed|be called|be on (?:your|this|any)|${contacting} (?:me|us)|any (?:more|further)?|more|further|these|your|such)[^.!?]*\\b(?:${messages}|from you|from your|contacted|e-?mailed|called|list|me|us|again|any ?more)\\b`,
  ),
  refusal(
    "\\b(?:do not|don't|dont) (?:want|wish) to be (?:contacted|emailed|e-mailed|mailed|called|texted|bothered|disturbed|messaged|solicited)\\b",
  ),
  refusal(`\\bno (?:more|further|longer any) (?:\\w+ )?${messages}\\b`),
  refusal(
    `\\b(?:i|we) (?:did not|didn't|never) (?:sign up|subscribe|consent|agree|opt in|ask)\\b[^.!?]*\\b(?:${messages}|list|this|these|remove|stop)`,
  ),
  wish(
    `${begins}(?:leave (?:me|us) (?:alone|be|in peace)|lose my (?:number|e-?mail|address|contact)|forget (?:my (?:number|e-?mail|address)|i exist)|go away|get lost|buzz off|bugger off|piss off|f(?:uck|\\*+k?|\\.\\.\\.)? ?off|sod off|back off)\\b`,
  ),
  wish(`${begins}(?:fuck off|piss off|get lost|go away|sod off|bugger off)\\b`),
  wish(
    "\\b(?:do[- ]not[- ](?:call|contact|e-?mail|mail|text)|dnc|suppression|no[- ]call|blacklist|blocklist)(?: list| register| registry)\\b(?=.*\\b(?:on|add|put|are|am|is|we're|i'm)\\b)|\\b(?:put|add|place|am|i'm|are|we're|is) (?:me |us |my number |this number |registered |already )*(?:on|to|with) (?:your |the |a )?(?:\\w+ )?(?:do[- ]not[- ](?:call|contact|e-?mail|mail|text)|dnc|suppression|tps|ctps|blacklist)\\b",
  ),
  wish(
    `\\b(?:report(?:ed|ing)?|mark(?:ed|ing)?|flag(?:ged|ging)?|block(?:ed|ing)?) (?:you|this|these|it|your \\w+)(?: \\w+){0,3} (?:as|for|to) (?:spam|junk|abuse|harassment|the ico|ico)\\b|\\b(?:i will|i'll|i am|i'm|have|i've) (?:block|report)(?:ed|ing)? (?:you|this (?:number|address|sender|domain))\\b`,
  ),
  wish(
    '\\b(?:erase|delete|remove) (?:all )?(?:of )?(?:my|our) (?:personal )?(?:data|details|information|info|contact|contacts|record|records|number|e-?mail|address|name)\\b',
  ),
  wish(
    '\\b(?:right to (?:be forgotten|erasure|object)|article (?:17|21)|withdraw (?:my |our |any )?consent|object to (?:the |your |any )?(?:processing|use of|direct marketing|marketing))\\b',
  ),
  wish(
    '\\b(?:would|do) you mind (?:removing|deleting|unsubscribing|taking (?=\\w+ off)|stopping|not (?:contacting|emailing|calling|texting|writing))\\b',
  ),
  wish(
    `${begins}(?:refrain from|discontinue|desist from|halt|quit) (?:all |any |further |the |your |this |these )*(?:${contacting}|${messages})\\b`,
  ),
  refusal(
    "\\b(?:do not|don't|dont|never) have (?:my |our |any )?(?:permission|consent|authori[sz]ation)\\b|\\b(?:without|no) (?:my |our )(?:permission|consent)\\b",
  ),
  refusal(
    `${begins}(?:do not|don't|dont|never) (?:ever |please )?${contacting}(?: (?:to|with|out to))?(?: (?:me|us))?(?: again| any ?more)?(?: please| thanks?)?\\W*$`,
  ),
  wish(
    '\\b(?:want|like|need) (?:to be |to get )?(?:out of|off)(?: of)? (?:this|your|the) (?:\\w+ )?(?:list|e-?mails|mailings?|database|sequence)',
  ),
  wish('\\bwant out of (?:this|your|the) (?:\\w+ )?(?:list|e-?mails|mailings?|database|sequence)'),
  refusal('^(?:please )?no more(?: please| thanks?| thank you)?\\W*$'),
  wish(
    "\\b(?:make sure|ensure|see to it|confirm)(?: that)? (?:i|we|my|our|this)(?: \\w+){0,2}? ?(?:am|are|is|'m|'re)? ?(?:removed|taken off|unsubscribed|deleted|not (?:contacted|emailed|called))\\b",
  ),
  refusal(
    "\\bso (?:that )?(?:i|we) (?:do not|don't|no longer|never|won't|stop) (?:get|getting|receive|receiving|hear)\\b",
  ),
  wish(
    `${begins}(?:make (?:it|this|them|these) stop|(?:cancel|end) (?:my |our |this |the |your )*(?:subscription|e-?mails?|newsletters?|mailings?|messages|texts)|end (?:this|it)(?: now| please)?\\W*$)`,
  ),
];

const german: Wish[] = [
  wish(
    '\\b(?:bitte |hiermit )?(?:nehmen|streichen|loschen|entfernen|tragen) sie (?:mich|uns|meine|unsere|diese|die adresse)\\b',
  ),
  wish(
    '\\b(?:loschen|entfernen|streichen|austragen|abmelden|abbestellen)(?: bitte)?\\W*$|\\bbitte (?:um )?(?:loschung|entfernung|abmeldung|austragung|abmelden|abbestellen|austragen|loschen|entfernen|streichen)\\b',
  ),
  wish(
    '\\b(?:mochte|mochten|will|wollen|wunsche|bitte) (?:mich|uns|den newsletter|ihre \\w+)? ?(?:\\w+ ){0,5}(?:abmelden|abbestellen|austragen|loschen lassen|entfernt werden|geloscht werden)\\b',
  ),
  wish(
    '\\bmelden sie (?:mich|uns) (?:\\w+ ){0,4}ab\\b(?! (?:dem|der|montag|dienstag|mittwoch|donnerstag|freitag|\\d))|\\bmelde mich (?:hiermit )?(?:von \\w+ \\w+ )?ab\\W*$',
  ),
  wish(
    '\\b(?:aus|von) (?:ihrem|ihrer|dem|der|eurem|eurer) (?:\\w*verteiler|\\w*liste|datenbank|kartei)\\b(?=.*\\b(?:nehmen|streichen|loschen|entfernen|entfernt|austragen|raus|heraus)\\b)|\\b(?:nehmt|streicht|loscht|entfernt) (?:mich|uns|meine)\\b',
  ),
  refusal(
    '\\b(?:keine|keinerlei) (?:weiteren? |weitere |mehr )?(?:e-?mails?|mails?|nachrichten|werbung|werbemails?|anrufe|sms|kontaktaufnahmen?|kontaktversuche|post|angebote)\\b(?= (?:\\w+ ){0,4}(?:mehr|schicken|senden|zusenden|erhalten|bekommen|wunschen|erwunscht))|\\bkeine (?:weiteren?|mehr) (?:e-?mails?|mails?|nachrichten|werbung|anrufe|sms|kontakt\\w*)|\\bkeinen? (?:weiteren )?kontakt mehr\\b',
  ),
  refusal(
    '\\b(?:kontaktieren|schreiben|mailen|rufen|belastigen|senden|schicken) sie (?:mich|uns|mir) (?:bitte )?(?:\\w+ ){0,3}(?:nicht|keine|nie) ?(?:\\w+ ){0,2}(?:mehr|wieder|an\\b|erneut|weiter\\w*)',
  ),
  wish(
    '\\b(?:horen sie auf|unterlassen sie|lassen sie (?:mich|uns) (?:bitte )?in ruhe|verzichten sie (?:\\w+ ){0,3}auf weitere|stoppen sie)\\b',
  ),
  wish(
    '\\bwiderspreche (?:\\w+ ){0,6}(?:nutzung|verarbeitung|verwendung|werbung|kontaktaufnahme|speicherung)\\b|\\bwiderruf\\w* (?:\\w+ ){0,4}(?:einwilligung|zustimmung)\\b',
  ),
  refusal(
    '\\bkeine (?:weiteren? )?anfragen\\b(?! von)|^(?:nein,? )?(?:danke,? )?bitte keine (?:werbung|mails|e-?mails|anrufe|sms|nachrichten)\\W*$',
  ),
  refusal(
    '\\bnicht (?:mehr|wieder) (?:anschreiben|kontaktieren|anrufen|schreiben|mailen|belastigen|kontaktiert|angeschrieben)\\b',
  ),
];

const french: Wish[] = [
  wish(
    "\\b(?:me|nous|m'|se) ?(?:desabonner|desinscrire|desabonnez|desinscrivez|retirer|supprimer|enlever|radier) ?|\\b(?:desabonnez|desinscrivez|retirez|supprimez|enlevez|radiez|rayez|effacez)[- ](?:moi|nous|mon|mes|nos|notre|cette|mon adresse)\\b|\\bveuillez (?:me |nous )(?:desabonner|desinscrire|retirer|supprimer|enlever|rayer)\\b",
  ),
  wish(
    '\\bveuillez (?:supprimer|retirer|effacer|enlever) (?:mon|mes|nos|notre|cette)\\b|\\b(?:desinscription|desabonnement)\\W*$|\\b(?:je|nous) (?:demande|demandons|souhaite|voudrais|veux) (?:\\w+ ){0,4}(?:desinscription|desabonnement|desabonner|desinscrire|suppression de mes donnees)\\b',
  ),
  refusal(
    "\\b(?:ne|n') ?(?:me |nous |m')?(?:contactez|ecrivez|appelez|rappelez|telephonez|envoyez|relancez|sollicitez|derangez|demarchez) (?:moi )?(?:plus|jamais)\\b|\\bne plus (?:me |nous |m'|etre |recevoir|jamais )?(?:\\w+)|\\bne (?:souhaite|souhaitons|veux|voulons|desire|desirons) plus (?:recevoir|etre|que vous|avoir)\\b|\\bplus (?:aucun|de) (?:mail|message|appel|e-?mail|courriel|sms)s?\\b",
  ),
  wish(
    "\\b(?:cessez|arretez) (?:de |d'|vos |ces |tout|immediatement)|\\blaissez[- ](?:moi|nous) tranquilles?\\b|\\b(?:retirer|supprimer|enlever) (?:mon adresse|mes coordonnees|mon numero|mes donnees)\\b|\\bm'oppose\\b",
  ),
];

const spanish: Wish[] = [
  wish(
    '\\b(?:dar(?:me|nos)? de baja|den?me de baja|dadme de baja|deme de baja|denos de baja|quiero (?:darme )?(?:de )?baja|solicito (?:la |mi )?baja|baja por favor)\\b|^baja\\W*$',
  ),
  wish(
    '\\b(?:borr|elimin|quit|retir|saqu|sac|suprim)(?:e|en|a|ad|ar|eme|enme|ame|arme|enos|ennos|adme)(?: por favor)?(?: a)? ?(?:mi|mis|nuestro|nuestra|me|de su|de la|de vuestra|este|esta)?\\b(?=.*\\b(?:lista|correo|datos|base|numero|contacto|direccion|email|mail|distribucion)\\b)|\\b(?:borre|elimine|quite|saque|borren|eliminen|quiten|saquen)(?:me|nos)\\b',
  ),
  refusal(
    '\\bno (?:me|nos) (?:vuelva[ns]? a |sigan? )?(?:contacte|escriba|llame|envie|mande|moleste|contactar|escribir|llamar|enviar|molestar|mandar)[ns]?(?:[^.!?]*\\bmas\\b)?|\\bno (?:deseo|quiero|queremos|deseamos) (?:\\w+ )?(?:recibir|mas (?:correos|mensajes|llamadas|emails)|que me (?:contacten|escriban|llamen)|ser contactad)',
  ),
  wish(
    '\\b(?:dejen?|deje|dejad|para|paren|pare) (?:ya )?de (?:escribir|llamar|enviar|mandar|contactar|molestar)\\w*|\\bdejen?me en paz\\b|\\b(?:desuscrib|cancelar (?:mi |la )?suscripcion)\\w*',
  ),
];

const italian: Wish[] = [
  wish(
    '\\b(?:cancella(?:te)?mi|mi cancelli|cancellarmi|cancellatemi|disiscriv\\w+|disiscrizione|rimuove(?:te|r)mi|mi rimuova|rimuovimi|toglie(?:te|r)mi|mi tolga|toglimi|eliminatemi|mi elimini|eliminarmi)\\b',
  ),
  wish(
    '\\b(?:cancell|rimuov|elimin|togli)\\w* (?:il mio|i miei|la mia|questo|questa|il nostro|i nostri) (?:\\w+ ){0,2}(?:dati|indirizzo|email|e-mail|mail|numero|nominativo|contatto|contatti)\\b|\\bcancellazione (?:dei miei dati|dalla lista|dalla mailing)',
  ),
  refusal(
    '\\bnon (?:mi|ci) (?:contatt|scriv|chiam|invi|mand|disturb|cerc)\\w+ piu\\b|\\bnon (?:voglio|vogliamo|desidero|desideriamo|intendo) (?:piu )?(?:ricevere|essere (?:contattat|chiamat|disturbat))\\w*|\\bnessun(?:a)? (?:altra |altro )?(?:mail|email|messaggio|chiamata) piu\\b',
  ),
  wish(
    '\\bsmett(?:a|ete|etela|ila|i|ere)\\w* (?:di |con )\\w+|\\bsmettetela\\b|\\blasciatemi in pace\\b|\\bbasta (?:con |e-?mail|mail|messaggi|spam|chiamate|telefonate)',
  ),
  refusal('\\bnon (?:contatt|scriv|chiam|invi|mand|disturb|cerc)\\w*(?:mi|ci) (?:\\w+ )?piu\\b'),
];

const dutch: Wish[] = [
  wish(
    '\\b(?:schrijf|meld) (?:mij|me|ons) (?:\\w+ ){0,5}(?:uit|af)\\b|\\b(?:wil|willen|graag|gelieve|kunt u|kun je|verzoek|mag ik) (?:\\w+ ){0,6}(?:afmelden|uitschrijven|uitgeschreven|afgemeld|verwijderen|verwijderd)\\b|^(?:graag )?(?:afmelden|uitschrijven)\\b',
  ),
  wish(
    '\\b(?:verwijder|haal|schrap) (?:\\w+ )?(?:mij|me|ons|mijn|onze|dit)\\b|\\b(?:verwijder|haal) (?:mij|me|ons) (?:\\w+ )*(?:uit|van)\\b',
  ),
  refusal(
    '\\b(?:mail|bel|benader|contacteer|schrijf|stuur|sms|stoor|app) (?:mij|me|ons) (?:\\w+ ){0,3}(?:niet|nooit|geen)\\b(?! (?:voor|tot|vandaag|morgen))|\\bniet meer (?:te )?(?:mailen|bellen|contacten|contacteren|benaderen|schrijven|sturen|contact op)|\\bgeen (?:\\w+ )?(?:e-?mails?|mails?|berichten|telefoontjes|reclame|spam|contact|nieuwsbrie\\w+) (?:\\w+ ){0,3}(?:meer|ontvangen)\\b',
  ),
  wish(
    '\\bstop (?:met|a\\.?u\\.?b) ?(?:\\w+ )?(?:mailen|bellen|sturen|spammen|contact|berichten)?\\b|\\blaat (?:mij|me|ons) met rust\\b',
  ),
];

/** What people say who want to be left alone. A language is a list here. */
export const removalWishes: readonly Wish[] = [...english, ...german, ...french, ...spanish, ...italian, ...dutch];
