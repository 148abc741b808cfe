// TUN/TAP in plain C, as fast as reads and writes go: what virtnet is held against. It also fills queues for both,
// and measures how long echoes take. Tasks come one a line, as `name/argument/argument count`.
//
//   frames PREFIX MODE [NETNS NETNS]    opens PREFIX0 and PREFIX1; MODE is plain or offload, with +thread behind it
//                                       for a thread that sleeps beside, or +five for batches of no more than five
//                                       of the largest frames; or none for neither
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { burst = 256, largest = 65536 + 64, slab_size = 512 * 1024 + largest, super_size = 54 + 45 * 1448 };

static int taps[2] = {-1, -1};
static int offload;
// How frames lie in their pages decides what it takes to copy them: by up to a sixth, of super-frames.
enum { page = 4096 };
static _Alignas(page) unsigned char slab[slab_size];
static unsigned slab_used = slab_size;
static unsigned offsets[burst], lengths[burst];

static void die(const char *what) {
  perror(what);
  exit(1);
}

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int open_tap(const char *prefix, int number, const char *netns) {
  if (netns) {
    int file = open(netns, O_RDONLY);
    if (file < 0 || setns(file, CLONE_NEWNET) < 0) die(netns);
    close(file);
  }
  int fd = open("/dev/net/tun", O_RDWR);
  struct ifreq request = {.ifr_flags = (short)(IFF_TAP | IFF_NO_PI | (offload ? IFF_VNET_HDR : 0))};
  snprintf(request.ifr_name, IFNAMSIZ, "%s%d", prefix, number);
  if (fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0) die("TUNSETIFF");
  if (offload && ioctl(fd, TUNSETOFFLOAD, 0x6fUL) < 0) die("TUNSETOFFLOAD");
  fcntl(fd, F_SETFL, O_NONBLOCK);
  return fd;
}

// What counts of a task's time: all of it, or what its clock ran for.
static double wall, cpu;

static void run_clock(int runs) {
  wall += (runs ? -1 : 1) * seconds(CLOCK_MONOTONIC);
  cpu += (runs ? -1 : 1) * seconds(CLOCK_PROCESS_CPUTIME_ID);
}

// As virtnet: as many reads as there are frames, then the batch.
static int read_burst(int fd) {
  int count = 0;
  unsigned used = 0;
  while (count < burst && slab_used - used >= largest) {
    ssize_t length = read(fd, slab + used, largest);
    if (length <= 0) break;
    offsets[count] = used;
    lengths[count++] = (unsigned)length;
    used = (used + (unsigned)length + 63) & ~63U;
  }
  return count;
}

static void await_frames(int fd) {
  struct pollfd watched = {.fd = fd, .events = POLLIN};
  poll(&watched, 1, 1000);
}

// Until nobody wants it any more: its input is closed then.
static void await_either(void) {
  struct pollfd watched[3] = {{.fd = taps[0], .events = POLLIN}, {.fd = taps[1], .events = POLLIN}, {.fd = 0, .events = POLLIN}};
  poll(watched, 3, -1);
  if (watched[2].revents) exit(0);
}

static unsigned long seen;

static void drain(int count) {
  while (count > 0) {
    int got = read_burst(taps[0]);
    if (got == 0) await_frames(taps[0]);
    for (int i = 0; i < got; i++) seen += lengths[i];
    count -= got;
  }
}

static void forward(int from, int to, int *left) {
  for (int got; (got = read_burst(from)) > 0;) {
    for (int i = 0; i < got; i++)
      if (write(to, slab + offsets[i], lengths[i]) < 0 && errno != EAGAIN && errno != EIO) die("write");
    if (left && (*left -= got) <= 0) return;
  }
}

static void loop_frames(int count) {
  while (count > 0) {
    await_frames(taps[0]);
    forward(taps[0], taps[1], &count);
  }
}

static void forward_for_ever(void) {
  for (;;) {
    await_either();
    forward(taps[0], taps[1], NULL);
    forward(taps[1], taps[0], NULL);
  }
}

static void put16(unsigned char *at, unsigned value) { at[0] = (unsigned char)(value >> 8), at[1] = (unsigned char)value; }

static unsigned checksum(const unsigned char *bytes, int length) {
  unsigned sum = 0;
  for (int i = 0; i + 1 < length; i += 2) sum += (unsigned)bytes[i] << 8 | bytes[i + 1];
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

// A TCP segment over IPv4 from nobody to nobody; the receiver drops it for its addresses.
static unsigned segment(unsigned char *frame, unsigned payload, unsigned sequence) {
  static const unsigned char headers[54] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 6};
  memcpy(frame, headers, sizeof headers);
  put16(frame + 16, 40 + payload);
  memcpy(frame + 26, "\x0a\x63\0\1\x0a\x63\0\2", 8);
  put16(frame + 24, checksum(frame + 14, 20));
  put16(frame + 34, 1000), put16(frame + 36, 2000);
  put16(frame + 38, sequence >> 16), put16(frame + 40, sequence & 0xffff);
  frame[46] = 0x50, frame[47] = 0x10;
  put16(frame + 48, 500);
  return 54 + payload;
}

static void write_supers(int tap, int count) {
  static _Alignas(page) unsigned char frame[largest];
  // Memory of its own: what was never written to is one page of zeros, which the kernel copies faster.
  memset(frame, 1, sizeof frame);
  unsigned length = 10 + segment(frame + 10, super_size - 54, 0);
  frame[0] = 1, frame[1] = 1;
  unsigned short fields[4] = {54, 1448, 34, 16};
  memcpy(frame + 2, fields, sizeof fields);
  for (int i = 0; i < count; i++)
    if (write(tap, frame, length) < 0) die("write");
}

static void write_frames(int tap, int count, unsigned size) {
  if (size == super_size) {
    write_supers(tap, count);
    return;
  }
  for (int i = 0; i < burst; i++) segment(slab + (unsigned)i * size, size - 54, (unsigned)i * (size - 54));
  for (int i = 0; i < count; i++)
    if (write(tap, slab + (unsigned)(i % burst) * size, size) < 0) die("write");
}

// Frames that are read soon after they came, still in the processor's caches: a bridge hands on to the first tap what
// is written to the second, `portion` at a time. The clock stands while they are written.
static void drain_fresh(int count, int portion, unsigned size) {
  for (int left = count; left > 0; left -= portion) {
    if (portion > left) portion = left;
    run_clock(0);
    write_frames(taps[1], portion, size);
    run_clock(1);
    drain(portion);
  }
}

// Into the queue of a device, as the kernel would send them. What a full queue does not take is sent again, or dropped.
static void fill(int count, const char *device, unsigned size, int drops) {
  int sock = socket(AF_PACKET, SOCK_RAW, 0);
  struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(device), .sll_protocol = htons(ETH_P_IP), .sll_halen = 6};
  int on = 1;
  if (bind(sock, (struct sockaddr *)&to, sizeof to) < 0) die(device);
  setsockopt(sock, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
  static unsigned char frame[largest];
  unsigned length = segment(frame, size - 54, 0);
  for (int i = 0; i < count; i++) {
    if (send(sock, frame, length, 0) >= 0) continue;
    if (errno != ENOBUFS) die("send");
    if (drops) continue;
    sched_yield();
    i--;
  }
  close(sock);
}

// For as many milliseconds as told: as much as goes in, whether anybody reads it or not.
static void flood(int milliseconds, const char *device, unsigned size) {
  double end = seconds(CLOCK_MONOTONIC) + milliseconds / 1e3;
  while (seconds(CLOCK_MONOTONIC) < end) fill(512, device, size, 1);
}

// Turns echo requests around, on a TAP device whose neighbour is set by hand.
static void respond(void) {
  for (;;) {
    await_either();
    int got = read_burst(taps[0]);
    for (int i = 0; i < got; i++) {
      unsigned char *frame = slab + offsets[i], swap[6];
      if (lengths[i] < 42 || frame[12] != 8 || frame[13] != 0 || frame[23] != 1 || frame[34] != 8) continue;
      memcpy(swap, frame, 6), memcpy(frame, frame + 6, 6), memcpy(frame + 6, swap, 6);
      memcpy(swap, frame + 26, 4), memcpy(frame + 26, frame + 30, 4), memcpy(frame + 30, swap, 4);
      frame[34] = 0;
      put16(frame + 36, 0);
      put16(frame + 36, checksum(frame + 34, (int)lengths[i] - 34));
      if (write(taps[0], frame, lengths[i]) < 0) die("write");
    }
  }
}

static int by_size(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

// The middle of the times that echoes take, in seconds.
static double ping(int count, const char *address) {
  int sock = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  struct sockaddr_in to = {.sin_family = AF_INET};
  struct timeval limit = {.tv_sec = 1};
  inet_pton(AF_INET, address, &to.sin_addr);
  setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  double *times = calloc((size_t)count, sizeof *times);
  for (int i = 0; i < count; i++) {
    unsigned char echo[64] = {8}, answer[256];
    put16(echo + 6, (unsigned)i & 0xffff);
    put16(echo + 2, checksum(echo, sizeof echo));
    double start = seconds(CLOCK_MONOTONIC);
    if (sendto(sock, echo, sizeof echo, 0, (struct sockaddr *)&to, sizeof to) < 0) die("sendto");
    do
      if (recv(sock, answer, sizeof answer, 0) < 0) die("no answer");
    while (answer[20] != 0 || memcmp(answer + 26, echo + 6, 2) != 0);
    times[i] = seconds(CLOCK_MONOTONIC) - start;
  }
  close(sock);
  qsort(times, (size_t)count, sizeof *times, by_size);
  double middle = times[count / 2];
  free(times);
  return middle;
}

static void *sleeps(void *nothing) {
  for (;;) pause();
  return nothing;
}

int main(int argc, char **argv) {
  if (argc < 3) return 1;
  pthread_t thread;
  if (strstr(argv[2], "+thread") && pthread_create(&thread, NULL, sleeps, NULL) != 0) die("pthread_create");
  if (strstr(argv[2], "+five")) slab_used = 5 * largest;
  offload = strncmp(argv[2], "offload", 7) == 0;
  if (strcmp(argv[2], "none") != 0)
    for (int i = 0; i < 2; i++) taps[i] = open_tap(argv[1], i, argc > 4 ? argv[3 + i] : NULL);
  char line[128];
  int count;
  setvbuf(stdout, NULL, _IOLBF, 0);
  while (scanf("%127s %d", line, &count) == 2) {
    char *task = strtok(line, "/"), *first = strtok(NULL, "/"), *second = strtok(NULL, "/");
    if (strcmp(task, "cpu") == 0) {
      printf("%.9f\n", cpu);
      continue;
    }
    double result = 0;
    wall = cpu = 0;
    run_clock(1);
    if (strcmp(task, "read") == 0) drain(count);
    else if (strcmp(task, "fresh") == 0) drain_fresh(count, atoi(first), (unsigned)atoi(second));
    else if (strcmp(task, "loop") == 0) loop_frames(count);
    else if (strcmp(task, "write") == 0) write_frames(taps[0], count, (unsigned)atoi(first));
    else if (strcmp(task, "fill") == 0) fill(count, first, (unsigned)atoi(second), 0);
    else if (strcmp(task, "flood") == 0) flood(count, first, (unsigned)atoi(second));
    else if (strcmp(task, "ping") == 0) result = ping(count, first);
    else {
      printf("0\n");
      if (strcmp(task, "forward") == 0) forward_for_ever();
      else respond();
    }
    run_clock(0);
    printf("%.9f\n", result > 0 ? result : wall);
  }
  return 0;
}
