/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * case: from a sidecar's texts to a checked case, and folders of cases. Reads no capture.
 */
#include "case.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case_schema.h"
#include "case_steps.h"
#include "feature.h"
#include "memory.h"

#define DEFAULT_TOLERANCE_MS 1000
#define DEFAULT_MTU_OCTETS   1400
#define DEFAULT_TTL          255
#define DEFAULT_HOP_COUNT    255

/* What goes wrong is told once: the first complaint stands. */
struct loader {
    struct conform_case *c;
    char *error;
    bool failed;
};

/* where names the value in the sidecar from the top, as in "implementation.tunnel.key". */
static void complain(struct loader *l, const char *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void complain(struct loader *l, const char *where, const char *format, ...)
{
    if (l->failed)
        return;
    l->failed = true;
    char what[256];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    yaml_error(l->error, l->c->path, where, "%s", what);
}

static struct addr take_address(struct loader *l, const char *where, const char *text)
{
    struct addr address = {0};
    if (text != NULL && !addr_parse(text, &address))
        complain(l, where, "'%s' is no IPv4 or IPv6 address", text);
    return address;
}

/* "10.255.0.1/24": an address with the length of its subnet's prefix, host bits set. */
static void take_interface(struct loader *l, const char *where, const char *text, struct iut_config *config)
{
    char address[ADDR_TEXT_MAX] = "";
    const char *slash = strchr(text, '/');
    char *end = NULL;
    unsigned long len = slash != NULL ? strtoul(slash + 1, &end, 10) : 0;
    if (slash != NULL && (size_t)(slash - text) < sizeof(address))
        memcpy(address, text, (size_t)(slash - text));
    if (!addr_parse(address, &config->protocol) || slash[1] < '0' || slash[1] > '9' || *end != '\0' ||
        len > addr_bits(config->protocol))
        complain(l, where, "'%s' is not an address with a prefix length, as in 10.255.0.1/24", text);
    config->protocol_len = (uint8_t)len;
}

static void take_nhs(struct loader *l, const struct case_file_nhrp *from, struct iut_config *config)
{
    struct iut_nhs *nhs = memory_zeroed(from->nhs_count, sizeof(*nhs));
    for (unsigned i = 0; i < from->nhs_count; i++) {
        char where[64];
        snprintf(where, sizeof(where), "implementation.nhrp.nhs[%u]", i);
        nhs[i].protocol = take_address(l, where, from->nhs[i].protocol);
        nhs[i].nbma = take_address(l, where, from->nhs[i].nbma);
    }
    config->nhs = nhs;
    config->nhs_count = from->nhs_count;
}

static void take_prefix(struct loader *l, const char *list, unsigned i, const char *text, struct prefix *out)
{
    char where[64];
    snprintf(where, sizeof(where), "implementation.%s[%u]", list, i);
    if (!prefix_parse(text, out))
        complain(l, where, "'%s' is no prefix, or has host bits set", text);
}

static void take_routes(struct loader *l, const struct case_file_iut *from, struct iut_config *config)
{
    size_t count = (size_t)from->routes_count + from->lans_count;
    struct iut_route *routes = memory_zeroed(count, sizeof(*routes));
    for (unsigned i = 0; i < from->routes_count; i++) {
        char where[64];
        snprintf(where, sizeof(where), "implementation.routes[%u].via", i);
        take_prefix(l, "routes", i, from->routes[i].to, &routes[i].prefix);
        routes[i].via = take_address(l, where, from->routes[i].via);
    }
    for (unsigned i = 0; i < from->lans_count; i++)
        take_prefix(l, "lans", i, from->lans[i].prefix, &routes[from->routes_count + i].prefix);
    config->routes = routes;
    config->route_count = count;
}

static void take_implementation(struct loader *l, const struct case_file_iut *from)
{
    struct iut_config *config = &l->c->config;
    const struct case_file_tunnel *tunnel = &from->tunnel;
    const struct case_file_nhrp *nhrp = &from->nhrp;
    *config = (struct iut_config){
        .name = from->name,
        .point_to_point = tunnel->mode == WORD_POINT_TO_POINT,
        .nbma = take_address(l, "implementation.nbma", from->nbma),
        .destination = take_address(l, "implementation.tunnel.destination", tunnel->destination),
        .has_key = tunnel->key != NULL,
        .key = tunnel->key != NULL ? *tunnel->key : 0,
        .checksum = tunnel->checksum,
        .sequence = tunnel->sequence,
        .mtu = tunnel->mtu_octets != NULL ? *tunnel->mtu_octets : DEFAULT_MTU_OCTETS,
        .ttl = tunnel->ttl != NULL ? *tunnel->ttl : DEFAULT_TTL,
        .hold_s = nhrp->hold_s,
        .hop_count = nhrp->hop_count != NULL ? *nhrp->hop_count : DEFAULT_HOP_COUNT,
        .unique = nhrp->unique,
        .redirect = nhrp->redirect,
        .shortcut = nhrp->shortcut,
        .answers = nhrp->resolution == WORD_ANSWER,
        .authentication = nhrp->authentication,
    };
    take_interface(l, "implementation.tunnel.address", tunnel->address, config);
    take_nhs(l, nhrp, config);
    take_routes(l, from, config);
    if (config->point_to_point != (tunnel->destination != NULL))
        complain(l, "implementation.tunnel",
                 config->point_to_point ? "a point-to-point tunnel needs a 'destination'"
                                        : "a multipoint tunnel has no 'destination'");
}

/* The configuration class that the sidecar names, from the folder beside the cases'. */
static void take_class(struct loader *l, const char *name)
{
    struct conform_case *c = l->c;
    const char *slash = strrchr(c->path, '/');
    int folder_len = slash != NULL ? (int)(slash - c->path) : 1;
    char *path =
        memory_format("%.*s/../configurations/%s.yaml", folder_len, slash != NULL ? c->path : ".", name);
    void *data = NULL;
    char error[YAML_ERROR_MAX];
    if (strchr(name, '/') != NULL)
        complain(l, "configuration", "'%s' is no name of a configuration class", name);
    else if (!yaml_load(path, &class_file_schema, &data, NULL, error))
        complain(l, "configuration", "the configuration class is not usable: %s", error);
    free(path);
    if (data == NULL)
        return;
    c->class_file = data;
    c->configuration = name;
    take_implementation(l, &c->class_file->implementation);
}

static void take_features(struct loader *l, const struct case_file *from)
{
    for (unsigned i = 0; i < from->features_count; i++) {
        char where[64];
        snprintf(where, sizeof(where), "features[%u]", i);
        if (feature_find(from->features[i]) == NULL)
            complain(l, where, "'%s' is no feature; 'dmvpn-conform features' lists them", from->features[i]);
    }
    l->c->features = (const char *const *)from->features;
    l->c->feature_count = from->features_count;
    l->c->tags = (const char *const *)from->tags;
    l->c->tag_count = from->tags_count;
}

static void take_steps(struct loader *l, const struct case_file *from, const struct requirement_table *table)
{
    struct conform_case *c = l->c;
    c->steps = memory_zeroed(from->steps_count, sizeof(*c->steps));
    c->watches_renewals = from->watch_renewals;
    for (unsigned i = 0; i < from->steps_count; i++) {
        char where[64], error[CASE_ERROR_MAX];
        const char *key;
        if (!case_step_take(&from->steps[i], table, &c->steps[i], &key, error)) {
            snprintf(where, sizeof(where), "steps[%u]%s%s", i, *key != '\0' ? "." : "", key);
            complain(l, where, "%s", error);
        }
        c->step_count++;
    }
    if (c->step_count > 0 && from->frames_count > 0)
        complain(l, "frames", "a case with steps says there what is special about a frame");
}

static void take_requirements(struct loader *l, const struct case_file *from,
                              const struct requirement_table *table)
{
    struct conform_case *c = l->c;
    c->requirements = memory_zeroed(from->requirements_count, sizeof(*c->requirements));
    for (unsigned i = 0; i < from->requirements_count; i++) {
        char where[64];
        snprintf(where, sizeof(where), "requirements[%u]", i);
        const char *id = from->requirements[i];
        const struct requirement *requirement = requirements_find(table, id);
        if (requirement == NULL)
            complain(l, where, "'%s' is not in the table of requirements", id);
        for (size_t j = 0; j < c->requirement_count; j++)
            if (c->requirements[j] == requirement)
                complain(l, where, "'%s' is named twice", id);
        c->requirements[c->requirement_count++] = requirement;
    }
}

static void take_frames(struct loader *l, const struct case_file *from)
{
    struct conform_case *c = l->c;
    c->frames = memory_zeroed(from->frames_count, sizeof(*c->frames));
    for (unsigned i = 0; i < from->frames_count; i++) {
        char where[64];
        snprintf(where, sizeof(where), "frames[%u].number", i);
        const struct case_file_frame *frame = &from->frames[i];
        if (frame->number == 0)
            complain(l, where, "frames are counted from 1");
        if (case_frame_override(c, frame->number) != NULL)
            complain(l, where, "frame %u is named twice", frame->number);
        c->frames[c->frame_count++] = (struct frame_override){
            .number = frame->number,
            .ignore = frame->ignore,
            .host = frame->host,
            .masks = (const char **)frame->mask,
            .mask_count = frame->mask_count,
            .has_tolerance = frame->tolerance_ms != NULL,
            .tolerance_us = frame->tolerance_ms != NULL ? *frame->tolerance_ms * US_PER_MS : 0,
        };
    }
}

/* The part of the path behind the last slash, without ".yaml". */
static char *id_of_path(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *id = memory_copy_text(slash != NULL ? slash + 1 : path);
    char *dot = strrchr(id, '.');
    if (dot != NULL && strcmp(dot, ".yaml") == 0)
        *dot = '\0';
    return id;
}

/* A path that a sidecar gives counts from the sidecar's folder. */
static char *path_beside(const char *sidecar, const char *path)
{
    const char *slash = strrchr(sidecar, '/');
    if (path[0] == '/' || slash == NULL)
        return memory_copy_text(path);
    return memory_format("%.*s/%s", (int)(slash - sidecar), sidecar, path);
}

struct conform_case *case_load(const char *path, const struct requirement_table *table,
                               char error[CASE_ERROR_MAX])
{
    void *data = NULL;
    if (!yaml_load(path, &case_file_schema, &data, NULL, error))
        return NULL;
    struct conform_case *c = memory_zeroed(1, sizeof(*c));
    struct loader l = {.c = c, .error = error};
    const struct case_file *file = data;
    c->file = data;
    c->path = memory_copy_text(path);
    c->id = id_of_path(path);
    c->capture_path = path_beside(path, file->capture);
    c->title = file->title;
    c->story = file->story;
    c->phase = file->phase;
    c->role = file->role;
    c->tolerance_us = (file->tolerance_ms != NULL ? *file->tolerance_ms : DEFAULT_TOLERANCE_MS) * US_PER_MS;
    c->has_start = file->start_ms != NULL;
    c->start_us = c->has_start ? *file->start_ms * US_PER_MS : 0;
    if (c->phase < 1 || c->phase > 3)
        complain(&l, "phase", "phase %u is none of 1, 2, 3", c->phase);
    if ((file->implementation == NULL) == (file->configuration == NULL))
        complain(&l, "", "one of 'implementation' and 'configuration' is needed");
    else if (file->implementation != NULL)
        take_implementation(&l, file->implementation);
    else
        take_class(&l, file->configuration);
    take_features(&l, file);
    take_steps(&l, file, table);
    take_requirements(&l, file, table);
    take_frames(&l, file);
    if (l.failed) {
        case_free(c);
        return NULL;
    }
    return c;
}

void case_free(struct conform_case *c)
{
    if (c == NULL)
        return;
    free((void *)c->config.nhs);
    free((void *)c->config.routes);
    free(c->requirements);
    free(c->frames);
    free(c->steps);
    yaml_unload(&class_file_schema, c->class_file, 0);
    free(c->capture_path);
    free(c->id);
    free(c->path);
    yaml_unload(&case_file_schema, c->file, 0);
    free(c);
}

bool case_has_tag(const struct conform_case *c, const char *tag)
{
    for (size_t i = 0; i < c->tag_count; i++)
        if (strcmp(c->tags[i], tag) == 0)
            return true;
    return false;
}

const struct frame_override *case_frame_override(const struct conform_case *c, size_t number)
{
    for (size_t i = 0; i < c->frame_count; i++)
        if (c->frames[i].number == number)
            return &c->frames[i];
    return NULL;
}

const char *case_role_words(enum case_role role)
{
    switch (role) {
    case ROLE_HUB:
        return "hub";
    case ROLE_SPOKE:
        return "spoke";
    case ROLE_TRANSIT:
        return "transit";
    }
    return "unknown";
}

static int is_sidecar(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && dot != entry->d_name && strcmp(dot, ".yaml") == 0;
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp((*(struct conform_case *const *)a)->id, (*(struct conform_case *const *)b)->id);
}

bool case_set_load(const char *folder, const struct requirement_table *table, struct case_set *out,
                   char error[CASE_ERROR_MAX])
{
    *out = (struct case_set){0};
    struct dirent **names = NULL;
    int count = scandir(folder, &names, is_sidecar, alphasort);
    if (count < 0) {
        snprintf(error, CASE_ERROR_MAX, "%s: the folder of cases cannot be read", folder);
        return false;
    }
    if (count == 0)
        snprintf(error, CASE_ERROR_MAX, "%s: there are no cases in this folder", folder);
    out->items = memory_zeroed((size_t)count, sizeof(*out->items));
    bool good = count > 0;
    for (int i = 0; i < count; i++) {
        char *path = memory_format("%s/%s", folder, names[i]->d_name);
        struct conform_case *c = good ? case_load(path, table, error) : NULL;
        free(path);
        free(names[i]);
        if (c != NULL)
            out->items[out->count++] = c;
        else
            good = false;
    }
    free(names);
    /* Not by file name: the dot of ".yaml" stands in the way, and a locale too. */
    if (good)
        qsort(out->items, out->count, sizeof(*out->items), compare_ids);
    else
        case_set_free(out);
    return good;
}

void case_set_free(struct case_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        case_free(set->items[i]);
    free(set->items);
    *set = (struct case_set){0};
}
