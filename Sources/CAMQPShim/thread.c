// What Swift's Glibc module lacks.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "CAMQPShim.h"

int camqp_open_eventfd(void) {
  const int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return descriptor >= 0 ? descriptor : -errno;
}

void camqp_signal_eventfd(int descriptor) {
  const uint64_t one = 1;
  // A full counter refuses the write, and wakes as well.
  if (write(descriptor, &one, sizeof one) < 0) return;
}

void camqp_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
