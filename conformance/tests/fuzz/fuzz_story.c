/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/story_entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    story_entry(data, len);
    return 0;
}
