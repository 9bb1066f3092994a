/* Sum n random numbers between 0 and 1, in one of four ways, and say how long each part took.

   cc -O2 sum_of_randoms.c -o sum_of_randoms
   ./sum_of_randoms rand-array 100000000

   rand-array    rand() of the C library into an array, then the sum of the array
   rand          the same numbers, added one by one, with no array
   modern-array  a modern generator into an array, then the sum
   modern        the same numbers, added one by one, with no array

   Prints one line of JSON. With an array the work has three parts: "touch" writes once into every
   page of memory, "generate" fills the array, "sum" adds it up. Without one, all of it is "generate".

   The modern generator is xoshiro256++, seeded by splitmix64, both by D. Blackman and S. Vigna, who
   put them into the public domain (CC0): https://prng.di.unimi.it. Written anew here. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PAGE = 4096 };

/* 256 bits of state, which a loop can keep in registers. */
struct modern {
    uint64_t s[4];
};

static uint64_t rotated(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

/* splitmix64: spreads a small seed over the 256 bits of state. */
static struct modern seeded(uint64_t seed)
{
    struct modern g;

    for (int k = 0; k < 4; k++) {
        uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        g.s[k] = z ^ (z >> 31);
    }
    return g;
}

/* xoshiro256++: 64 random bits. */
static uint64_t next_bits(struct modern *g)
{
    const uint64_t result = rotated(g->s[0] + g->s[3], 23) + g->s[0];
    const uint64_t shifted = g->s[1] << 17;

    g->s[2] ^= g->s[0];
    g->s[3] ^= g->s[1];
    g->s[1] ^= g->s[2];
    g->s[0] ^= g->s[3];
    g->s[2] ^= shifted;
    g->s[3] = rotated(g->s[3], 45);
    return result;
}

/* The upper 53 bits, as a float64 in [0, 1): as many as it can hold. */
static double modern(struct modern *g)
{
    return (double)(next_bits(g) >> 11) * 0x1.0p-53;
}

/* The C library's own generator: at most 31 bits. */
static double old(void)
{
    return rand() / (RAND_MAX + 1.0);
}

static double now(void)
{
    struct timespec t;

    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void report(double touch, double generate, double sum, double total, size_t n)
{
    printf("{\"touch\": %.9f, \"generate\": %.9f, \"sum\": %.9f, \"mean\": %.17g}\n",
           touch, generate, sum, total / (double)n);
}

static int with_array(int is_modern, size_t n)
{
    struct modern g = seeded(1);
    const double start = now();
    double *numbers = malloc(n * sizeof *numbers);

    if (numbers == NULL) {
        fprintf(stderr, "no memory for %zu numbers of 8 bytes: ask for fewer\n", n);
        return EXIT_FAILURE;
    }
    for (volatile char *page = (char *)numbers; page < (char *)(numbers + n); page += PAGE)
        *page = 0;
    const double touched = now();
    if (is_modern)
        for (size_t i = 0; i < n; i++)
            numbers[i] = modern(&g);
    else
        for (size_t i = 0; i < n; i++)
            numbers[i] = old();
    const double generated = now();
    double total = 0;
    for (size_t i = 0; i < n; i++)
        total += numbers[i];
    const double summed = now();
    report(touched - start, generated - touched, summed - generated, total, n);
    free(numbers);
    return EXIT_SUCCESS;
}

static int without_array(int is_modern, size_t n)
{
    struct modern g = seeded(1);
    const double start = now();
    double total = 0;

    if (is_modern)
        for (size_t i = 0; i < n; i++)
            total += modern(&g);
    else
        for (size_t i = 0; i < n; i++)
            total += old();
    report(0, now() - start, 0, total, n);
    return EXIT_SUCCESS;
}

static int usage(void)
{
    fprintf(stderr, "usage: sum_of_randoms rand-array|rand|modern-array|modern NUMBER\n");
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return usage();
    char *end;
    const unsigned long long n = strtoull(argv[2], &end, 10);

    if (n == 0 || n > SIZE_MAX / sizeof(double) || *end != '\0')
        return usage();
    srand(1);
    if (strcmp(argv[1], "rand-array") == 0)
        return with_array(0, (size_t)n);
    if (strcmp(argv[1], "rand") == 0)
        return without_array(0, (size_t)n);
    if (strcmp(argv[1], "modern-array") == 0)
        return with_array(1, (size_t)n);
    if (strcmp(argv[1], "modern") == 0)
        return without_array(1, (size_t)n);
    return usage();
}
