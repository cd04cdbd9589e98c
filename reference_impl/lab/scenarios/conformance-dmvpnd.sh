# SPDX-License-Identifier: GPL-2.0-or-later
# limit_s: 5400
# The conformance suite around dmvpnd, in every role that the cases have. The argument names configuration classes, with commas between
# them (conformance-dmvpnd:hub,spoke); all of them if there is none.
classes=${LAB_ARGUMENT:-$(conformance_classes)}
for class in ${classes//,/ }; do conformance_run dmvpnd "$class" $LAB_CASES; done
