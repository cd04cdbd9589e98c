# SPDX-License-Identifier: GPL-2.0-or-later
# limit_s: 5400
# The conformance suite around one nhrpd of FRR, in every role that the cases have. The argument names configuration classes, with commas between
# them (conformance-frr:hub,spoke); all of them if there is none.
classes=${LAB_ARGUMENT:-$(conformance_classes)}
for class in ${classes//,/ }; do conformance_run frr "$class" $LAB_CASES; done
