// Guests and their events in plain C. A task is a word and a count, its answer a line: seconds, or for `events` the
// moments at which that many came, in nanoseconds of CLOCK_MONOTONIC.
#include <libvirt/libvirt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { mostEvents = 1 << 16 };

static const char nic[] =
    "<interface type='network'><mac address='52:54:00:be:4c:01'/><source network='bench'/>"
    "<model type='virtio'/><alias name='ua-c'/></interface>";

static virConnectPtr connection;
static long long moments[mostEvents];
static int heard, gone;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void changed(virConnectPtr c, virNetworkPtr network, int event, int detail, void *opaque) {
  (void)c, (void)network, (void)event, (void)detail, (void)opaque;
  pthread_mutex_lock(&mutex);
  if (heard < mostEvents) moments[heard++] = now();
  pthread_cond_signal(&more);
  pthread_mutex_unlock(&mutex);
}

static void removed(virConnectPtr c, virDomainPtr domain, const char *alias, void *opaque) {
  (void)c, (void)domain, (void)alias, (void)opaque;
  pthread_mutex_lock(&mutex);
  gone = 1;
  pthread_cond_signal(&more);
  pthread_mutex_unlock(&mutex);
}

static void *loop(void *nothing) {
  while (virEventRunDefaultImpl() == 0) continue;
  return nothing;
}

static void answerMoments(int count) {
  pthread_mutex_lock(&mutex);
  while (heard < count) pthread_cond_wait(&more, &mutex);
  for (int i = 0; i < count; i++) printf("%lld ", moments[i]);
  heard = 0;
  pthread_mutex_unlock(&mutex);
  printf("\n");
}

static int plug(int count) {
  virDomainPtr domain = virDomainLookupByName(connection, "bench");
  for (int i = 0; domain && i < count; i++) {
    if (virDomainAttachDeviceFlags(domain, nic, VIR_DOMAIN_AFFECT_LIVE) < 0) return -1;
    gone = 0;
    if (virDomainDetachDeviceAlias(domain, "ua-c", VIR_DOMAIN_AFFECT_LIVE) < 0) return -1;
    pthread_mutex_lock(&mutex);
    while (!gone) pthread_cond_wait(&more, &mutex);
    pthread_mutex_unlock(&mutex);
  }
  return domain ? virDomainFree(domain) : -1;
}

static int configure(int count) {
  virDomainPtr domain = virDomainLookupByName(connection, "bench");
  for (int i = 0; domain && i < count; i++)
    if (virDomainAttachDeviceFlags(domain, nic, VIR_DOMAIN_AFFECT_CONFIG) < 0 ||
        virDomainDetachDeviceFlags(domain, nic, VIR_DOMAIN_AFFECT_CONFIG) < 0)
      return -1;
  return domain ? virDomainFree(domain) : -1;
}

int main(int argc, char **argv) {
  pthread_t thread;
  if (argc < 2 || virEventRegisterDefaultImpl() < 0) return 1;
  if (!(connection = virConnectOpen(argv[1]))) return 1;
  if (virConnectNetworkEventRegisterAny(connection, NULL, VIR_NETWORK_EVENT_ID_LIFECYCLE,
                                        VIR_NETWORK_EVENT_CALLBACK(changed), NULL, NULL) < 0 ||
      virConnectDomainEventRegisterAny(connection, NULL, VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED,
                                       VIR_DOMAIN_EVENT_CALLBACK(removed), NULL, NULL) < 0)
    return 1;
  if (pthread_create(&thread, NULL, loop, NULL)) return 1;
  char task[32];
  int count;
  while (scanf("%31s %d", task, &count) == 2) {
    const long long start = now();
    if (strcmp(task, "events") == 0) {
      answerMoments(count);
    } else {
      if ((strcmp(task, "configure") == 0 ? configure(count) : plug(count)) < 0) return 1;
      printf("%.9f\n", (double)(now() - start) / 1e9);
    }
    fflush(stdout);
  }
  return 0;
}
