# SPDX-License-Identifier: GPL-3.0-or-later
"""The M/M/1 queue of `bench kernel` in SimPy; prints seconds a million customers."""
import random
import time

import simpy

CUSTOMERS = 100_000
random.seed(20170102)


def customer(env, clerk):
    with clerk.request() as turn:
        yield turn
        yield env.timeout(random.expovariate(1 / 0.9))


def source(env, clerk):
    for _ in range(CUSTOMERS):
        yield env.timeout(random.expovariate(1.0))
        env.process(customer(env, clerk))


env = simpy.Environment()
env.process(source(env, simpy.Resource(env, capacity=1)))
began = time.perf_counter()
env.run()
print((time.perf_counter() - began) * 1e6 / CUSTOMERS)
