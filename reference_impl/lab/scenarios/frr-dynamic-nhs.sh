# SPDX-License-Identifier: GPL-2.0-or-later
# A spoke of FRR that does not know its server's tunnel address ("nhs dynamic"): it registers with its own address as
# destination, and learns the server's from the reply.
node hub 192.0.2.1 172.16.0.1
node s1 192.0.2.11 172.16.1.1
our_hub hub 192.0.2.1 10.255.0.1 15 "discovery: server"
frr_spoke s1 192.0.2.11 10.255.0.11 15 192.0.2.1 "" dynamic
expect 20 "the spoke registers with dmvpnd" bound hub 10.255.0.11
expect 10 "the spoke has learned its server's address" shows "10.255.0.1 " frr s1 "show ip nhrp cache"
route hub 172.16.1.0/24 10.255.0.11
route s1 172.16.0.0/16 10.255.0.1
expect 10 "data arrives" answered s1 172.16.1.1 172.16.0.1
