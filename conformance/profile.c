/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile: loads and checks profiles. Printing configurations is profile_template.c. */
#include "profile.h"

#include <stdlib.h>
#include <string.h>

#include "feature.h"
#include "memory.h"
#include "profile_file.h"

#define OPTIONAL_TEXT (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

static const cyaml_schema_value_t word_entry = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 100)};

static const cyaml_schema_field_t template_fields[] = {
    CYAML_FIELD_STRING_PTR("configuration", CYAML_FLAG_POINTER, struct profile_template, configuration, 1,
                           100),
    CYAML_FIELD_STRING_PTR("text", CYAML_FLAG_POINTER, struct profile_template, text, 1, 20000),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t template_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct profile_template, template_fields)};

static const cyaml_schema_field_t known_fields[] = {
    CYAML_FIELD_STRING_PTR("cases", OPTIONAL_TEXT, struct profile_known, cases, 1, 200),
    CYAML_FIELD_STRING_PTR("requirement", OPTIONAL_TEXT, struct profile_known, requirement, 1, 200),
    CYAML_FIELD_STRING_PTR("reason", CYAML_FLAG_POINTER, struct profile_known, reason, 1, 1000),
    CYAML_FIELD_STRING_PTR("until", CYAML_FLAG_POINTER, struct profile_known, until, 10, 10),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t known_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct profile_known, known_fields)};

static const cyaml_schema_field_t profile_fields[] = {
    CYAML_FIELD_STRING_PTR("title", CYAML_FLAG_POINTER, struct profile_file, title, 1, 200),
    CYAML_FIELD_STRING_PTR("story", CYAML_FLAG_POINTER, struct profile_file, story, 1, 4000),
    CYAML_FIELD_STRING_PTR("probe", OPTIONAL_TEXT, struct profile_file, probe, 1, 100),
    CYAML_FIELD_SEQUENCE("features", CYAML_FLAG_POINTER, struct profile_file, features, &word_entry, 1, 64),
    CYAML_FIELD_SEQUENCE("configure", OPTIONAL_TEXT, struct profile_file, configure, &template_entry, 0, 64),
    CYAML_FIELD_SEQUENCE("known", OPTIONAL_TEXT, struct profile_file, known, &known_entry, 0, 1000),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t profile_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct profile_file, profile_fields)};

/* YYYY-MM-DD, so that dates compare as texts. */
static bool is_date(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    for (size_t i = 0; i < sizeof(form); i++)
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    return true;
}

static bool take_known(struct profile *profile, const char *path, const char *today, FILE *expired,
                       char error[PROFILE_ERROR_MAX])
{
    for (unsigned i = 0; i < profile->file->known_count; i++) {
        const struct profile_known *from = &profile->file->known[i];
        char where[64];
        snprintf(where, sizeof(where), "known[%u]", i);
        if ((from->cases == NULL) == (from->requirement == NULL))
            return yaml_error(error, path, where, "one of 'cases' and 'requirement' is needed");
        if (!is_date(from->until))
            return yaml_error(error, path, where, "'%s' is no date such as 2027-06-30", from->until);
        if (strcmp(from->until, today) >= 0)
            known_add(&profile->known, from->cases, from->requirement, from->reason);
        else if (expired != NULL)
            fprintf(expired, "%s: expired on %s: %s\n", profile->name, from->until, from->reason);
    }
    return true;
}

static bool take_features(struct profile *profile, const char *path, char error[PROFILE_ERROR_MAX])
{
    profile->features = (const char *const *)profile->file->features;
    profile->feature_count = profile->file->features_count;
    for (unsigned i = 0; i < profile->file->features_count; i++) {
        char where[64];
        snprintf(where, sizeof(where), "features[%u]", i);
        if (feature_find(profile->file->features[i]) == NULL)
            return yaml_error(error, path, where, "'%s' is no feature", profile->file->features[i]);
    }
    return true;
}

static bool take_probe(struct profile *profile, const char *path, char error[PROFILE_ERROR_MAX])
{
    const char *word = profile->file->probe;
    if (word == NULL || strcmp(word, "purge-request") == 0)
        profile->probe = IUT_PROBE_PURGE;
    else if (strcmp(word, "registration-request") == 0)
        profile->probe = IUT_PROBE_REGISTRATION;
    else
        return yaml_error(error, path, "probe", "'%s' is none of purge-request, registration-request", word);
    return true;
}

struct profile *profile_load(const char *data_folder, const char *name, const char *today, FILE *expired,
                             char error[PROFILE_ERROR_MAX])
{
    bool is_path = strchr(name, '/') != NULL;
    char *path = is_path ? memory_copy_text(name) : memory_format("%s/profiles/%s.yaml", data_folder, name);
    void *data = NULL;
    struct profile *profile = NULL;
    if (yaml_load(path, &profile_schema, &data, NULL, error)) {
        profile = memory_zeroed(1, sizeof(*profile));
        profile->file = data;
        profile->name = name;
        profile->title = profile->file->title;
        profile->story = profile->file->story;
        if (!take_features(profile, path, error) || !take_probe(profile, path, error) ||
            !take_known(profile, path, today, expired, error)) {
            profile_free(profile);
            profile = NULL;
        }
    }
    free(path);
    return profile;
}

void profile_free(struct profile *profile)
{
    if (profile == NULL)
        return;
    known_free(&profile->known);
    yaml_unload(&profile_schema, profile->file, 0);
    free(profile);
}

const char *profile_missing_feature(const struct profile *profile, const struct conform_case *c)
{
    for (size_t i = 0; i < c->feature_count; i++) {
        bool has = false;
        for (size_t j = 0; j < profile->feature_count; j++)
            has = has || strcmp(c->features[i], profile->features[j]) == 0;
        if (!has)
            return c->features[i];
    }
    return NULL;
}
