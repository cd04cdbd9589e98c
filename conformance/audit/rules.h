/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules: what the audit looks for. A rule is one row: what it is called, which requirement it belongs to,
 * when it is asked, and a function that looks at one sight and says whether the rule is broken there. Rules
 * change nothing: what is remembered between sights is the observer's (observe.c).
 */
#ifndef DMVPNKIT_AUDIT_RULES_H
#define DMVPNKIT_AUDIT_RULES_H

#include "audit/state.h"
#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"

/* What a packet, or the end of a wait, was. A sight has several of these at once. */
enum sight_event {
    SIGHT_BAD = 1,      /* a packet that cannot be decoded; packet->error says why */
    SIGHT_MESSAGE = 2,  /* any NHRP message */
    SIGHT_ORIGINAL = 4, /* a request or indication that was not seen before */
    SIGHT_RETRY = 8,    /* a request once more on its first leg */
    SIGHT_FORWARD = 16, /* a message that was seen on another leg: earlier is how it was there */
    SIGHT_REPLY = 32,   /* a reply, first sight; request is known, and asked is its message if it was kept */
    SIGHT_REPLY_AGAIN = 64,  /* the same reply on the same leg */
    SIGHT_ORPHAN = 128,      /* a reply to no request that was seen */
    SIGHT_GRE = 256,         /* any packet in GRE */
    SIGHT_DATA = 512,        /* an IP packet in GRE; flow is known */
    SIGHT_HAIRPIN = 1024,    /* data that a station sends back into the tunnel it came by */
    SIGHT_UNDERLAY = 2048,   /* an IP packet without GRE, or a fragment */
    SIGHT_UNANSWERED = 4096, /* nobody answered request: no packet */
};

/*
 * What a message has about it that most have not. A rule that can only be broken where one of these holds
 * says so, and is not asked about the many others.
 */
enum sight_fact {
    FACT_HEADER = 1,      /* a field of the header, of the flags or of a CIE has a rare value */
    FACT_UNIQUE = 2,      /* U */
    FACT_ENTRIES = 4,     /* the number of CIEs is not one */
    FACT_REFUSED = 8,     /* a CIE has another code than 0 */
    FACT_ODD = 16,        /* an extension twice, with unusual bits, or something behind the End extension */
    FACT_RECORD = 32,     /* a responder or transit record has an entry */
    FACT_AUTH = 64,       /* an Authentication extension, here or in the request */
    FACT_NAT = 128,       /* an entry in the NAT extension */
    FACT_FOREIGN = 256,   /* an extension that is Vendor-Private or unknown, here or in the request */
    FACT_ELSEWHERE = 512, /* the outer source is not the source NBMA address */
    FACT_ADDED = 1024,    /* a reply has a known extension that the request lacks */
    FACT_LOST = 2048,     /* or the other way round */
    FACT_TUNNEL = 4096,   /* the GRE header has more than a key, or the packet before had; or it goes to no address */
    FACT_TROUBLE = 8192,  /* the request was sent more than once, or an Error Indication names it */
    FACT_HELD = 1 << 14,  /* the tunnel address is held as unique by another NBMA address */
    FACT_VALUES = 1 << 15, /* a registration's CIE has an unusable holding time, or a prefix length that U does not ask for */
    FACT_NEIGHBOUR = 1 << 16, /* another station sends from the outer source, too */
    FACT_MOVED = 1 << 17,     /* the source names itself by another NBMA address than before */
    FACT_DIFFERS = 1 << 18,   /* the head of a reply is not the request's, or it goes elsewhere */
};

#define TYPES(t)           (1u << (t))
#define TYPES_RESOLUTION   (TYPES(1) | TYPES(2))
#define TYPES_REGISTRATION (TYPES(3) | TYPES(4))
#define TYPES_PURGE        (TYPES(5) | TYPES(6))
#define TYPES_REQUEST      (TYPES(1) | TYPES(3) | TYPES(5))
#define TYPES_REPLY        (TYPES(2) | TYPES(4) | TYPES(6))
#define TYPES_ENTRIES      (TYPES_REQUEST | TYPES_REPLY)
#define TYPES_ALL          0x1feu

struct sight {
    struct audit *audit;
    unsigned events;
    unsigned facts;      /* enum sight_fact */
    uint32_t extensions; /* of the message: a bit for each known type */
    size_t frame;
    struct instant at;
    const struct packet *packet;     /* NULL for SIGHT_UNANSWERED */
    const struct nhrp_message *m;    /* NULL unless SIGHT_MESSAGE */
    struct cloud *cloud;             /* NULL outside a tunnel */
    struct addr from, to;            /* outer addresses; none in captures on a tunnel interface */
    struct addr source, destination; /* of the message, protocol addresses */
    bool cut;                        /* the capture does not have all of the packet */
    bool own;                        /* the message is as its originator sent it */
    struct station *sender;          /* whoever sends from that outer address, or NULL */
    struct station *client; /* the station of the source protocol address, as it was before; or NULL */
    struct request *request;
    const struct nhrp_message *asked;
    const struct nhrp_message *earlier;
    struct flow *flow;
    struct side *out,
        *back; /* the tunnel from here to there, and the other way; NULL without outer addresses */
    const struct audit_totals *totals;
};

/* What a rule says when it is broken. It is asked first without room for words, and once more for them. */
struct claim {
    struct text words;
    struct addr about; /* set beforehand to whoever sent the packet */
};

struct audit_rule {
    const char *id;
    const char *requirement; /* that a finding is about */
    const char *also;        /* others that the same look covers, separated by spaces; or NULL */
    enum audit_severity severity;
    unsigned events; /* asked when one of these is there */
    unsigned types;  /* NHRP types, of the message or of the unanswered request; 0: whatever it is */
    bool (*broken)(const struct sight *s, struct claim *c);
    const char *words;
    const char *remedy;
    const char *bugs;
    unsigned needs; /* facts of which one must hold; 0: none */
};

/* A room is a list of rules that ends with an empty row. */
extern const struct audit_rule rules_header[], rules_gre[], rules_registration[], rules_resolution[],
    rules_purge[], rules_error[], rules_extension[], rules_forward[], rules_redirect[], rules_data[],
    rules_operator[];

size_t rules_count(void);
size_t rules_index(const struct audit_rule *rule);

/* The facts of a message, in one pass over it; *extensions becomes a bit for each known type (facts.c). */
unsigned message_facts(const struct nhrp_message *m, uint32_t *extensions);

/* Ask every rule that the sight is for, and keep what they say (rules.c). */
void rules_judge(struct audit *a, const struct sight *s);

void rules_forget_lists(struct audit *a);

/* Helpers for rooms. */
static inline bool first_cie(const struct nhrp_message *m, struct nhrp_cie *cie)
{
    struct span list = m->cies;
    return nhrp_cie_next(&list, cie);
}
/* The number of CIEs in the record extension of that type; -1 if the extension is not there. */
int record_length(const struct nhrp_message *m, uint16_t type);
/* The last CIE of a record; false if there is none. */
bool record_last(const struct nhrp_message *m, uint16_t type, struct nhrp_cie *out);
void claim_add_addr(struct claim *c, const char *before, struct addr address, const char *behind);
static inline int64_t seconds_between(struct instant a, struct instant b)
{
    return instant_diff_us(a, b) / US_PER_S;
}

#endif
