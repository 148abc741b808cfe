// The same calls in plain C: what libvirt itself takes. Like a daemon's client that wants events, it runs
// no event loop here, which is libvirt at its fastest.
#include <libvirt/libvirt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { lanes = 64 };

static virConnectPtr connection;
static virNetworkPtr network;
static const char *name;

static void describe(virNetworkPtr which) { free(virNetworkGetXMLDesc(which, 0)); }

static void *lane(void *count) {
  for (int i = 0; i < *(int *)count; i++) describe(network);
  return NULL;
}

static void sequential(int count) {
  for (int i = 0; i < count; i++) {
    virNetworkPtr found = virNetworkLookupByName(connection, name);
    describe(found);
    virNetworkFree(found);
  }
}

static void inFlight(int count) {
  pthread_t threads[lanes];
  int each = count / lanes;
  for (int i = 0; i < lanes; i++) pthread_create(&threads[i], NULL, lane, &each);
  for (int i = 0; i < lanes; i++) pthread_join(threads[i], NULL);
}

int main(int argc, char **argv) {
  if (argc < 3 || !(connection = virConnectOpen(argv[1]))) return 1;
  name = argv[2];
  if (!(network = virNetworkLookupByName(connection, name))) return 1;
  char task[32];
  int count;
  while (scanf("%31s %d", task, &count) == 2) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (strcmp(task, "sequential") == 0) sequential(count);
    else if (strcmp(task, "inFlight") == 0) inFlight(count);
    else lane(&count);
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.9f\n", (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9);
    fflush(stdout);
  }
  virNetworkFree(network);
  virConnectClose(connection);
  return 0;
}
