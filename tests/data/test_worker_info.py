"""What a dataset learns about its worker."""

import threading

from functorch_course.data import WorkerInfo, get_worker_info
from functorch_course.data.worker_info import enter_thread, importing_main, is_importing_main


def test_there_is_none_in_the_main_process():
    assert get_worker_info() is None


def test_a_thread_has_its_own():
    info, seen = WorkerInfo(1, 2, 3, "data"), []

    def work():
        enter_thread(info)
        seen.append(get_worker_info())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [info]
    assert get_worker_info() is None


def test_importing_the_main_module_is_marked():
    with importing_main():
        assert is_importing_main()
    assert not is_importing_main()
