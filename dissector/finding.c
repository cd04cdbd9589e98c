/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings. See finding.h.
 */
#include "finding.h"
#include "fields.h"

#include <stdlib.h>
#include <string.h>

/* A row of the table of requirements */
struct requirement {
    const char *id;
    const char *clause;
    const char *text;
};

/* Made at build time, ordered by id */
static const struct requirement requirements[] = {
#include "requirement_rows.def"
};

int finding_strictness = STRICTNESS_NORMAL;

static bool is_wanted(const struct finding *finding)
{
    switch (finding->origin) {
    case FINDING_HABIT:
        return finding_strictness >= STRICTNESS_NORMAL;
    case FINDING_STRICT:
        return finding_strictness >= STRICTNESS_LETTER;
    default:
        return true;
    }
}

static int compare_id(const void *id, const void *row)
{
    return strcmp((const char *)id, ((const struct requirement *)row)->id);
}

/* What the requirement says, below the finding */
static void explain(proto_item *about, const struct finding *finding)
{
    proto_tree *tree = proto_item_get_subtree(about);
    const struct requirement *row;
    proto_item *item;

    if (!tree)
        return;
    row = (const struct requirement *)bsearch(finding->requirement, requirements, array_length(requirements),
                                              sizeof requirements[0], compare_id);
    if (!row)
        return;
    item = proto_tree_add_string_format(tree, hf_dmvpn_requirement, NULL, 0, 0, row->id, "%s: %s",
                                        row->clause, row->text);
    proto_item_set_generated(item);
}

void finding_add(packet_info *pinfo, proto_item *item, struct finding *finding)
{
    if (!is_wanted(finding))
        return;
    expert_add_info(pinfo, item, &finding->expert);
    explain(item, finding);
}

void finding_add_text(packet_info *pinfo, proto_item *item, struct finding *finding, const char *format, ...)
{
    va_list arguments;
    char *text;

    if (!is_wanted(finding))
        return;
    va_start(arguments, format);
    text = wmem_strdup_vprintf(pinfo->pool, format, arguments);
    va_end(arguments);
    expert_add_info_format(pinfo, item, &finding->expert, "%s [%s]", text, finding->requirement);
    explain(item, finding);
}
