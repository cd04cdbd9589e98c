/* SPDX-License-Identifier: GPL-2.0-or-later */
/* data_folder: where cases, configurations, profiles and requirements are. */
#ifndef DMVPNKIT_CONFORMANCE_DATA_FOLDER_H
#define DMVPNKIT_CONFORMANCE_DATA_FOLDER_H

/* ../share/dmvpnkit/conformance beside the program if it was installed, else the source tree's folder. Lasts.
 */
const char *data_folder_default(void);

#endif
