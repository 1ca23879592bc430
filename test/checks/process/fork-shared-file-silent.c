// What shares no offset, or shares it in order.
// RUN: %check %s

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char buffer[512];

int openedAfter(const char *path) {
  pid_t pid = fork();
  if (pid < 0)
    return -1;
  int data = open(path, O_RDONLY);
  read(data, buffer, 1);
  return close(data);
}

int openedAgain(const char *path) {
  int data = open(path, O_RDONLY);
  pid_t pid = fork();
  if (pid == 0) {
    close(data);
    data = open(path, O_RDONLY);
    read(data, buffer, 1);
    _exit(0);
  }
  read(data, buffer, 1);
  return close(data);
}

int closedUnused(const char *path) {
  int data = open(path, O_RDONLY);
  read(data, buffer, 1);
  pid_t pid = fork();
  if (pid == 0) {
    close(data);
    _exit(0);
  }
  read(data, buffer, 1);
  return close(data);
}

int onlyTheChild(const char *path) {
  FILE *data = fopen(path, "r");
  if (!data)
    return -1;
  pid_t pid = fork();
  if (pid == 0) {
    fgets(buffer, sizeof buffer, data);
    _exit(0);
  }
  fclose(data);
  return 0;
}

int pipeOneWay(void) {
  int ends[2];
  if (pipe(ends) < 0)
    return -1;
  pid_t pid = fork();
  if (pid == 0) {
    close(ends[0]);
    write(ends[1], "x", 1);
    _exit(0);
  }
  close(ends[1]);
  read(ends[0], buffer, 1);
  return 0;
}

// A pipe that both sides read has no offset either: what one takes the other doesn't get, which is how workers share a queue.
int pipeBothRead(void) {
  int ends[2];
  if (pipe(ends) < 0)
    return -1;
  pid_t pid = fork();
  read(ends[0], buffer, 1);
  if (pid == 0)
    _exit(0);
  read(ends[0], buffer, 1);
  return 0;
}

int socketPair(void) {
  int ends[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  pid_t pid = fork();
  if (pid == 0) {
    write(ends[1], "x", 1);
    read(ends[1], buffer, 1);
    _exit(0);
  }
  write(ends[0], "x", 1);
  read(ends[0], buffer, 1);
  return 0;
}

int listening(int count) {
  int server = socket(AF_INET, SOCK_STREAM, 0);
  listen(server, 5);
  for (int i = 0; i < count; ++i)
    if (fork() == 0) {
      int client = accept(server, NULL, NULL);
      write(client, "hello", 5);
      _exit(0);
    }
  int client = accept(server, NULL, NULL);
  return write(client, "hello", 5) == 5;
}

int explicitOffsets(const char *path) {
  int data = open(path, O_RDWR);
  pid_t pid = fork();
  if (pid == 0) {
    pread(data, buffer, 1, 0);
    _exit(0);
  }
  pwrite(data, buffer, 1, 100);
  return close(data);
}

int appendLog(const char *path) {
  int log = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
  pid_t pid = fork();
  if (pid == 0) {
    write(log, "child\n", 6);
    _exit(0);
  }
  write(log, "parent\n", 7);
  return close(log);
}

int appendStream(const char *path) {
  FILE *log = fopen(path, "a");
  if (!log)
    return -1;
  pid_t pid = fork();
  if (pid == 0) {
    fprintf(log, "child\n");
    fclose(log);
    _exit(0);
  }
  fprintf(log, "parent\n");
  return fclose(log);
}

int standardStreams(void) {
  pid_t pid = fork();
  if (pid == 0) {
    printf("child\n");
    fprintf(stderr, "child\n");
    fgets(buffer, sizeof buffer, stdin);
    _exit(0);
  }
  printf("parent\n");
  fprintf(stderr, "parent\n");
  fgets(buffer, sizeof buffer, stdin);
  return 0;
}

int onlyBefore(const char *path) {
  int data = open(path, O_RDONLY);
  read(data, buffer, sizeof buffer);
  if (fork() == 0)
    _exit(0);
  return close(data);
}

// The parent goes on when the child is done: the two uses are in order, as a shell and its commands have them.
int afterWait(const char *path) {
  int results = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  pid_t pid = fork();
  if (pid < 0)
    return -1;
  if (pid == 0) {
    write(results, "done\n", 5);
    _exit(0);
  }
  waitpid(pid, NULL, 0);
  lseek(results, 0, SEEK_SET);
  read(results, buffer, sizeof buffer);
  return close(results);
}

static int finished(pid_t pid) {
  int status = 0;
  return waitpid(pid, &status, 0) == pid && WIFEXITED(status);
}

int afterWaitBelow(const char *path) {
  FILE *results = fopen(path, "w+");
  if (!results)
    return -1;
  pid_t pid = fork();
  if (pid == 0) {
    fputs("done\n", results);
    fclose(results);
    _exit(0);
  }
  if (pid > 0 && finished(pid)) {
    rewind(results);
    fgets(buffer, sizeof buffer, results);
  }
  return fclose(results);
}

int oneAtATime(const char *path, int count) {
  int results = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  for (int i = 0; i < count; ++i) {
    pid_t pid = fork();
    if (pid == 0) {
      write(results, "done\n", 5);
      lseek(results, 0, SEEK_CUR);
      _exit(0);
    }
    if (pid > 0)
      waitpid(pid, NULL, 0);
  }
  return close(results);
}

// The child is another program at once; what that does with the descriptor isn't seen.
int execAtOnce(const char *path, char *const argv[]) {
  int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t pid = fork();
  if (pid == 0) {
    dup2(out, STDOUT_FILENO);
    execvp(argv[0], argv);
    _exit(127);
  }
  write(out, "started\n", 8);
  return close(out);
}

int notOpenAtFork(const char *path, int background) {
  int data = -1;
  if (!background)
    data = open(path, O_RDONLY);
  if (background) {
    pid_t pid = fork();
    if (pid == 0) {
      data = open(path, O_RDONLY);
      read(data, buffer, 1);
      _exit(0);
    }
    data = open(path, O_RDONLY);
  }
  read(data, buffer, 1);
  return close(data);
}

int failedToOpen(const char *path) {
  FILE *data = fopen(path, "r");
  if (data == NULL) {
    pid_t pid = fork();
    if (pid == 0) {
      data = fopen("fallback", "r");
      fgets(buffer, sizeof buffer, data);
      _exit(0);
    }
    data = fopen("fallback", "r");
  }
  fgets(buffer, sizeof buffer, data);
  return fclose(data);
}

// Nobody asks which side this is: no claim is made of either.
int sideUnknown(const char *path) {
  int data = open(path, O_RDONLY);
  fork();
  read(data, buffer, 1);
  return close(data);
}

// A daemon: the parent ends, there is one process that uses the file.
int daemonised(const char *path) {
  int log = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  write(log, "starting\n", 9);
  if (fork() != 0)
    exit(0);
  write(log, "started\n", 8);
  return close(log);
}

// A device has no offset.
int device(void) {
  int random = open("/dev/urandom", O_RDONLY);
  pid_t pid = fork();
  if (pid == 0) {
    read(random, buffer, 16);
    _exit(0);
  }
  read(random, buffer, 16);
  return close(random);
}

int otherFile(const char *path, const char *other) {
  int mine = open(path, O_RDONLY), yours = open(other, O_RDONLY);
  pid_t pid = fork();
  if (pid == 0) {
    read(yours, buffer, 1);
    _exit(0);
  }
  read(mine, buffer, 1);
  return close(mine);
}
