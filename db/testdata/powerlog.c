/* powerlog.c is preloaded into a test's child process. It writes what the child does to
 * its database file and the write-ahead log into the file POWERLOG, in order, so that a
 * test can cut the power at any point of it and drop what was not synced.
 *
 * A record is 16 bytes - kind, file, 2 unused, length (32 bits), offset (64 bits) - and
 * then the data. Kinds: w write, t truncate, s sync. Files: 1 database, 2 log.
 *
 * POWERLOG_FAIL=n lets the n-th sync of the write-ahead log fail with EIO instead. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define MAX_FD 4096

static char watched[MAX_FD]; /* which file a descriptor is, 0 for others */
static int log_fd = -1;
static long fail_at = -1, syncs;

#define NEXT(name) (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static ssize_t (*real_write)(int, const void *, size_t);

__attribute__((constructor)) static void start(void) {
	const char *path = getenv("POWERLOG"), *fail = getenv("POWERLOG_FAIL");
	real_write = NEXT(write);
	if (fail != NULL) fail_at = atol(fail);
	if (path != NULL) log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void record(char kind, int fd, const void *data, size_t n, int64_t offset) {
	char *r;
	uint32_t size = data == NULL ? 0 : (uint32_t)n;
	if (log_fd < 0) return;
	r = calloc(1, 16 + size);
	if (r == NULL) abort();
	r[0] = kind;
	r[1] = watched[fd];
	memcpy(r + 4, &size, 4);
	memcpy(r + 8, &offset, 8);
	if (size > 0) memcpy(r + 16, data, size);
	if (real_write(log_fd, r, 16 + size) != (ssize_t)(16 + size)) abort();
	free(r);
}

static int is_watched(int fd) { return fd >= 0 && fd < MAX_FD && watched[fd] != 0; }

static int ends_with(const char *s, const char *end) {
	size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

static int opened(const char *path, int fd) {
	if (fd >= 0 && fd < MAX_FD) watched[fd] = ends_with(path, "comparanda.db") ? 1 : ends_with(path, "comparanda.db-wal") ? 2 : 0;
	return fd;
}

static int mode_of(int flags, va_list args) { return flags & O_CREAT ? va_arg(args, int) : 0; }

int open(const char *path, int flags, ...) {
	va_list args;
	va_start(args, flags);
	int mode = mode_of(flags, args);
	va_end(args);
	return opened(path, (NEXT(open))(path, flags, mode));
}

int open64(const char *path, int flags, ...) {
	va_list args;
	va_start(args, flags);
	int mode = mode_of(flags, args);
	va_end(args);
	return opened(path, (NEXT(open64))(path, flags, mode));
}

int close(int fd) {
	if (is_watched(fd)) watched[fd] = 0;
	return (NEXT(close))(fd);
}

ssize_t write(int fd, const void *data, size_t n) {
	off_t at = is_watched(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
	ssize_t done = real_write(fd, data, n);
	if (is_watched(fd) && done > 0) record('w', fd, data, done, at);
	return done;
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at) {
	ssize_t done = (NEXT(pwrite))(fd, data, n, at);
	if (is_watched(fd) && done > 0) record('w', fd, data, done, at);
	return done;
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at) {
	ssize_t done = (NEXT(pwrite64))(fd, data, n, at);
	if (is_watched(fd) && done > 0) record('w', fd, data, done, at);
	return done;
}

int ftruncate(int fd, off_t size) {
	int result = (NEXT(ftruncate))(fd, size);
	if (is_watched(fd) && result == 0) record('t', fd, NULL, 0, size);
	return result;
}

int ftruncate64(int fd, off64_t size) {
	int result = (NEXT(ftruncate64))(fd, size);
	if (is_watched(fd) && result == 0) record('t', fd, NULL, 0, size);
	return result;
}

static int failing(int fd) {
	if (!is_watched(fd) || watched[fd] != 2 || fail_at < 0) return 0;
	if (++syncs != fail_at) return 0;
	errno = EIO;
	return 1;
}

int fsync(int fd) {
	if (failing(fd)) return -1;
	int result = (NEXT(fsync))(fd);
	if (is_watched(fd) && result == 0) record('s', fd, NULL, 0, 0);
	return result;
}

int fdatasync(int fd) {
	if (failing(fd)) return -1;
	int result = (NEXT(fdatasync))(fd);
	if (is_watched(fd) && result == 0) record('s', fd, NULL, 0, 0);
	return result;
}
