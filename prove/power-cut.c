/*
 * What a power cut takes: writes that no fsync had made durable. Loaded with LD_PRELOAD, this notes in POWER_CUT_JOURNAL,
 * before each write to a file below POWER_CUT_FOLDER, what the bytes were, and after each fsync that they are safe now.
 * The process is then killed, and the proof undoes from outside what was never synced. Names of files are not taken back.
 *
 * Record: kind 'W' (write), 'T' (truncate) or 'S' (synced), inode, offset, size of the file before, length, bytes before.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct record {
  int64_t kind, inode, offset, size, length;
};

static int journal(void) {
  static int fd = -1;
  const char *path = getenv("POWER_CUT_JOURNAL");
  if (fd < 0 && path) fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  return fd;
}

static int watched(int fd, struct stat *about) {
  const char *folder = getenv("POWER_CUT_FOLDER");
  char link[64] = "/proc/self/fd/", path[PATH_MAX], digits[16];
  int at = sizeof digits - 1, rest = fd;
  if (!folder || fd < 0) return 0;
  digits[at] = 0;
  do digits[--at] = '0' + rest % 10; while (rest /= 10);
  ssize_t length = readlink(strcat(link, digits + at), path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0 && fstat(fd, about) == 0 && S_ISREG(about->st_mode);
}

/* One writev to a file opened for appending: a SIGKILL leaves the record whole, or cut off at the end of the journal. */
static void note(int kind, int fd, int64_t offset, int64_t length) {
  struct stat about;
  if (!watched(fd, &about)) return;
  if (kind == 'T') length = about.st_size > offset ? about.st_size - offset : 0;
  char *before = length ? malloc(length) : NULL;
  ssize_t got = before ? pread(fd, before, length, offset) : 0;
  struct record head = {kind, (int64_t)about.st_ino, offset, about.st_size, got > 0 ? got : 0};
  struct iovec parts[2] = {{&head, sizeof head}, {before, (size_t)head.length}};
  if (writev(journal(), parts, 2) < 0) abort();
  free(before);
}

/* SQLite opens its database read and write, so the pread above works on the descriptor it writes with. */
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  note('W', fd, offset, (int64_t)length);
  return REAL(pwrite64)(fd, bytes, length, offset);
}

int ftruncate64(int fd, off64_t size) {
  note('T', fd, size, 0);
  return REAL(ftruncate64)(fd, size);
}

int fsync(int fd) {
  int result = REAL(fsync)(fd);
  if (result == 0) note('S', fd, 0, 0);
  return result;
}

int fdatasync(int fd) {
  int result = REAL(fdatasync)(fd);
  if (result == 0) note('S', fd, 0, 0);
  return result;
}
