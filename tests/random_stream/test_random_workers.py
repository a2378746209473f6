import numpy as np

from functorch_course.random import numpy_worker_seed


def test_numpy_worker_seed_is_pytorchs(golden):
    pairs = golden["worker_npseed_in_base_wid"].tolist()
    found = [numpy_worker_seed(base_seed, worker_id) for base_seed, worker_id in pairs]
    assert np.array_equal(found, golden["worker_npseed_out_u32x4"])
    assert found[0].dtype == np.uint32
