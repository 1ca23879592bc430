// RUN: %check %s
// Events of one base never run beside each other, whatever makes them: what they share is one thread's. What is set up before the threads
// start is finished by then, and what is handed to a worker belongs to it.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct event_base;
struct event;
struct bufferevent;
struct evconnlistener;
struct sockaddr;
struct timeval;
struct event_base *event_base_new(void);
struct event *event_new(struct event_base *, int, short, void (*)(int, short, void *), void *);
int event_add(struct event *, const struct timeval *);
void event_free(struct event *);
void event_base_free(struct event_base *);
int event_base_loopbreak(struct event_base *);
int event_base_dispatch(struct event_base *);
struct evconnlistener *evconnlistener_new(struct event_base *,
                                          void (*)(struct evconnlistener *, int, struct sockaddr *, int, void *), void *,
                                          unsigned, int, int);
void evconnlistener_free(struct evconnlistener *);
struct bufferevent *bufferevent_socket_new(struct event_base *, int, int);
void bufferevent_setcb(struct bufferevent *, void (*)(struct bufferevent *, void *), void (*)(struct bufferevent *, void *),
                       void (*)(struct bufferevent *, short, void *), void *);
int bufferevent_enable(struct bufferevent *, short);
unsigned long bufferevent_read(struct bufferevent *, void *, unsigned long);
int bufferevent_write(struct bufferevent *, const void *, unsigned long);
void bufferevent_free(struct bufferevent *);
int evthread_use_pthreads(void);

struct server {
  struct event_base *base;
  int listener;
  char greeting[64];
  long sessions; // the loop's alone
  long ticks;
  struct job *jobs;
  pthread_mutex_t lock;
  struct job *done; // guarded by lock
  pthread_t worker;
  struct event *finished;
};
struct session {
  struct server *server;
  long bytes;
};
struct job {
  struct job *next;
  long result;
};

static void on_read(struct bufferevent *bev, void *given) {
  struct session *session = given;
  char buffer[512];
  unsigned long size = bufferevent_read(bev, buffer, sizeof buffer);
  session->bytes += size;
  session->server->ticks++;
  bufferevent_write(bev, buffer, size);
}

static void on_end(struct bufferevent *bev, short what, void *given) {
  struct session *session = given;
  session->server->sessions--;
  bufferevent_free(bev);
  free(session);
}

static void on_accept(struct evconnlistener *listener, int socket, struct sockaddr *from, int length, void *given) {
  struct server *server = given;
  struct session *session = calloc(1, sizeof *session);
  struct bufferevent *bev = bufferevent_socket_new(server->base, socket, 1);
  if (!session || !bev)
    return;
  session->server = server;
  server->sessions++;
  bufferevent_setcb(bev, on_read, 0, on_end, session);
  bufferevent_enable(bev, 0x02);
  bufferevent_write(bev, server->greeting, strlen(server->greeting));
}

static void on_tick(int socket, short what, void *given) {
  struct server *server = given;
  if (++server->ticks > 1000 && server->sessions == 0)
    event_base_loopbreak(server->base);
}

static void on_finished(int socket, short what, void *given) {
  struct server *server = given;
  pthread_mutex_lock(&server->lock);
  struct job *done = server->done;
  server->done = 0;
  pthread_mutex_unlock(&server->lock);
  while (done) {
    struct job *next = done->next;
    server->ticks += done->result;
    free(done);
    done = next;
  }
}

static void *work(void *given) {
  struct server *server = given;
  for (int i = 0; i < 100; ++i) {
    struct job *job = calloc(1, sizeof *job);
    if (!job)
      break;
    job->result = i;
    pthread_mutex_lock(&server->lock);
    job->next = server->done;
    server->done = job;
    pthread_mutex_unlock(&server->lock);
  }
  return 0;
}

int main(int argc, char **argv) {
  struct server server = {0};
  evthread_use_pthreads();
  server.base = event_base_new();
  strncpy(server.greeting, "hello\n", sizeof server.greeting - 1);
  pthread_mutex_init(&server.lock, 0);
  struct evconnlistener *listener = evconnlistener_new(server.base, on_accept, &server, 0, -1, 3);
  struct event *tick = event_new(server.base, -1, 0x10, on_tick, &server);
  server.finished = event_new(server.base, 4, 0x12, on_finished, &server);
  event_add(tick, 0);
  event_add(server.finished, 0);
  pthread_create(&server.worker, 0, work, &server);
  event_base_dispatch(server.base);
  pthread_join(server.worker, 0);
  event_free(tick);
  event_free(server.finished);
  evconnlistener_free(listener);
  event_base_free(server.base);
  return server.ticks > 0;
}
