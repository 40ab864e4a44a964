"""Words that stand beside ``user``, ``host`` or ``password`` and are nobody's. Pure.

A word that is missing here is masked where it stands so; one too many is a name that is shown.
"""

import re

_TEXT = """
a about above access account across act action active add address admin affinity after afternoon
again against agent agreement ahead alive all allow almost along already also although always
among an and animal anonymous another answer answers any anybody anymore anyone anything anyway
anywhere apache apart app application april are aren't around array as aside ask asleep assignment
at attempt attribute audience august auth authenticated authentication authorization available
avatar await awake away back bad balance base based be bearer became because been before began
behavior behaviour behind being belong below beside best better between beyond big blank blob
block both box break broke broken bucket budget build but by cache caddy call came can can't
cannot capacity case cause celery certificate change chapter check city class cleanup
client close cloudflare cloudfront cluster code column come command commander comment commit
common complain complaint component computer config configuration confirm confirmation connect
connection console consume container content context control cookie copy cordoned core correct
cost could couldn't count country cover cpu crash create created creation credential cross current
currently customer cut daemon data database date day dead debian december decide default
definition degraded delete deletion demand denied deny deploy deployment deputy desktop detail
developer device did didn't differ different directly directory disable disabled disappear
disconnect disk do docker document does doesn't domain don't done down download drained drop due
during each earlier early edge edit either else elsewhere email empty enable enabled encryption
end endpoint engineer enough enter entirely entry environment envoy error even evening ever every
everybody everyone everything everywhere exactly example except exception exchange exist existing
expect expected experience expire expired expiry export exporter external facing fact fail failed
failing failover failure fallback false far fast faster feature february feedback feel few field
file filter final find fine finish firewall first five fix flag flapping flow folder follow
follower following food for force forever forget forgot form format forward found four free
frequently fresh friday from front full full-text fully function further gateway gave generally
generate get gets give given go goes gone good got grant granted great group grow guest guide
gunicorn had hand handle handshake haproxy hard hardly has hasn't have haven't he head header
health healthy held help hence her here high him his hit hold hole home host hot hour house how
however hung i id idea identifier identity idle if image immediately impact import in inactive
include incoming incorrect indeed indicate individual info information input inside instance
instead interaction interface internal into introspection invalid io is isn't issue issuer it item
its itself january job join journey july june just kafka keep kept key keyring kind know known
kubernetes lack lag lags large last lasts late latency later latest layer lead leader learn least
leave left length less let level liaison library life lifetime light like likely limit line link
linux list listen little live load local locally location lock locked lockout log logged logging
login logout long longer look lookup lose loses loss lost low mac machine made mail main
maintenance make manage management manager manually many map march master match matter max maximum
may maybe me mean medium member memory men menu message metric midnight might migration minimum
minute mismatch miss missing mistake mobile mode model modern monday monitor month more morning
most move much multi-factor multiple must my mysql name named namespace near nearly need neither
network never new newer newest next nginx night no nobody node none nonetheless noon nor normal
normally not note nothing notice notification november now nowhere null number object observe
observer obtain occasionally october of off offline often ok ok'd okay old older oldest on once
one only onto open openresty operation operator option or order ordinary organization origin other
others otherwise our out outage outdated output outside over overload overloaded overview own
owner page pair panel parameter parser part particular partner pass passphrase passwd password
past path pause pay payload payment pending people per perhaps period permission person persona
perspective pgbouncer phase phone picker picture pid ping place plan plant play please plus point
policy pool population port portal position possible possibly post postgresql pre-check preference
prefix present press presumably prevent previous previously primary privilege privileged probably
probe problem process processing product production profile program prompt protection provide
provider proxy public pull push put python query question queue quickly quite quota quoted
rabbitmq ram random range rate rather raw re-try reach read read-only read-write reader ready real
reality really reason reboot receive recent recently recipient record recover recovery red
redirect reference refresh refuse region register registration reject related release reliably
reload remain remote remove rename renewal repeatedly replace replica replication replies reply
report repository request require required reset resolve resource respond responder response rest
restart result retention retry return revoke right ring role rollback root rotate rotation route
router row rule run running safe said same saturday sauce save saw say scale scanning schema
school scope screen scribe script scrub search second secondary secret secretly section secure
security see seem seen sees segment selection self send sent separate september sequence server
service serving session set setting setup seven several shall share shared sharing she short
should show shut shutdown side side-effects sidekiq sign signal signature signup simply since
single site six size slave slow slower slowly small so software some somebody somehow someone
something sometime sometimes somewhere soon source space specific spend sprawl stable stack stand
standby start startup state statement station statistic status stay step still stop storage store
story string stuck study subscriber such suddenly sunday supplied support suppose sure survey
suspend switch sync system table table-level tag take takes target task team tell temporarily ten
term terminal terminate test testing than that that's the their them themselves then there
therefore these they thing think this those though three throttle through throughout throughput
thursday thus ticket time time-out timeout tire to today together token told tomorrow tonight too
took tool top total totally touch toward trace traefik traffic training transaction tree tried
trigger trouble true trust try tuesday turn twice two two-factor type typed typically ubuntu under
unfortunately unhealthy unique unknown unless unlike unlock unreachable unset unstable until
unused unusual up update upgrade upload upon upstream us usage use user username usual usually
utility uvicorn uwsgi vacuum valid validation value vanish variable varnish vault verification
verify version very via view virtual visible visit visitor volume wait walk want warn warning was
wasn't way we wednesday week weekend weird well went were what whatever when where whether which
while white who whole whom whose why wide wide-open wildcard will window with within without
witness won't word work worker workflow workload workspace world worse worst would wouldn't write
writer wrong year yes yesterday yet you your yourself zero zone
"""
_WORDS = frozenset(_TEXT.split())
_ENDINGS = re.compile(r"(?:'s|s|es|d|ed|ing|ly|n't)\Z")
_DOUBLED = re.compile(r"(.)\1\Z")


def is_ordinary(word: str) -> bool:
    """Whether it is one of them, or of one of them made; of one with dashes, whether all parts
    are."""
    folded = word.casefold()
    return _is_word(folded) or ("-" in folded and all(map(_is_word, folded.split("-"))))


def _is_word(word: str) -> bool:
    if word in _WORDS or not word:
        return True
    for length in range(1, min(len(word) - 1, 4)):
        stem, ending = word[:-length], word[-length:]
        if _ENDINGS.fullmatch(ending) is None:
            continue
        if stem in _WORDS or f"{stem}e" in _WORDS or _DOUBLED.sub(r"\1", stem) in _WORDS:
            return True
        if stem.endswith("i") and f"{stem[:-1]}y" in _WORDS:
            return True
    return False
