#include <cblas.h>

/// LAPACK, which libopenblas holds.
void dsyevr_(const char *job, const char *range, const char *triangle, const int *order, double *matrix,
             const int *leading, const double *low, const double *high, const int *first, const int *last,
             const double *tolerance, int *found, double *values, double *vectors, const int *vectors_leading,
             int *support, double *work, const int *work_count, int *integers, const int *integer_count, int *status);

/// The eigenvalues number `first` to `last`, counted from 1 upwards, and their vectors, of a symmetric matrix whose lower
/// triangle, column by column, is given and destroyed.
static inline void edviz_dsyevr(const int *order, double *matrix, const int *first, const int *last, const double *unused,
                                const double *tolerance, int *found, double *values, double *vectors, int *support,
                                double *work, const int *work_count, int *integers, const int *integer_count, int *status) {
  dsyevr_("V", "I", "L", order, matrix, order, unused, unused, first, last, tolerance, found, values, vectors, order, support,
          work, work_count, integers, integer_count, status);
}
