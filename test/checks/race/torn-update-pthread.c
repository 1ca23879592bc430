// RUN: %check %s
// A struct that pthread_create is given, started by a helper.
#include <pthread.h>
#include <stdlib.h>

struct sensor {
  double value;
  long time;
  int samples;
};

struct device {
  const char *name;
  struct sensor *sensor;
};

static void *measure(void *argument) {
  struct device *device = argument;
  for (long now = 0; now < 1000; ++now) {
    device->sensor->value = now * 0.5;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'value' and 'time' of '{{.*}}sensor{{.*}}' are written here with no lock while 'age' reads both; it can see one new and one old [heddle-torn-update]
    device->sensor->time = now;
    device->sensor->samples++;
  }
  return NULL;
}

static int spawn(pthread_t *thread, void *(*body)(void *), void *argument) {
  return pthread_create(thread, NULL, body, argument);
}

static double age(const struct sensor *sensor) { return sensor->value - sensor->time; }

int main(void) {
  struct sensor sensor = {0, 0, 0};
  struct device device = {"probe", &sensor};
  pthread_t thread;
  double worst = 0;
  if (spawn(&thread, measure, &device))
    return 1;
  for (int i = 0; i < 1000; ++i)
    worst += age(&sensor);
  pthread_join(thread, NULL);
  return worst < 0;
}
