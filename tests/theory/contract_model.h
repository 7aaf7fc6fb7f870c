/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_model.h - what contracts should do, written apart from them: plain arrays, and each act
 * a few lines that say when it is done and what it changes. It knows nothing of pages, keys,
 * transactions and blocks.
 *
 * The pages that go with it (contract_pages) are careless on purpose: they grant whatever they are
 * asked, so that only what holds for any page stands between the traders and the money. */
#ifndef TESTS_THEORY_CONTRACT_MODEL_H
#define TESTS_THEORY_CONTRACT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MODEL_MEMBERS = 6, /* numbered 10 * index */
    MODEL_CASES = 10,
    MODEL_LICENCES = 6,
    MODEL_GUARANTEES = 2,
    MODEL_TITLES = 3,
    MODEL_UNRESTRICTED = 1,
};

struct model_case {
    uint32_t number, declarant; /* declarant 0: not lodged */
    unsigned category;
    int64_t quantity, duty, relief, surcharge, paid, escrow, guaranteed, term, plan;
    bool assessed, licensed, approved, released;
    unsigned channel, guarantee, parts, parts_paid;
    uint32_t licence; /* 0: none needed */
    int64_t released_day;
};

struct model_licence {
    uint32_t number, holder;
    unsigned category;
    int64_t first, last, quantity;
    bool revoked;
};

struct model_guarantee {
    uint32_t guarantor, principal;
    int64_t limit, used, last;
};

struct model_title {
    uint32_t holder; /* 0: not issued */
    uint64_t acts, offered_acts;
    uint32_t seller, buyer; /* 0: not offered */
    int64_t price;
};

struct model {
    int64_t day, issued, balances[MODEL_MEMBERS];
    uint32_t version; /* of all contracts */
    struct model_case cases[MODEL_CASES];
    struct model_licence licences[MODEL_LICENCES];
    struct model_guarantee guarantees[MODEL_GUARANTEES];
    struct model_title titles[MODEL_TITLES];
};

static inline int64_t *model_balance(struct model *model, uint32_t member) {
    return &model->balances[member / 10];
}

static inline int64_t model_due(const struct model_case *c) {
    return c->duty - c->relief + c->surcharge - c->paid;
}

/* a * numerator / denominator to the nearest, a half to the even one; none negative. */
static inline int64_t model_share(int64_t a, int64_t numerator, int64_t denominator) {
    int64_t whole = a * numerator / denominator, rest = a * numerator % denominator;
    return whole + (2 * rest > denominator || (2 * rest == denominator && whole % 2 == 1));
}

static inline void model_free(struct model *model, struct model_case *c) {
    int64_t due = model_due(c) > 0 ? model_due(c) : 0;
    if (c->guaranteed > due) {
        model->guarantees[c->guarantee].used -= c->guaranteed - due;
        c->guaranteed = due;
    }
}

static inline bool model_assess(struct model *model, struct model_case *c, uint32_t sender,
                                unsigned category, int64_t duty) {
    bool is_fixed = c->released || c->parts > 0;
    if (c->declarant == 0 || sender != 10 ||
        (is_fixed && (duty > c->duty || category != c->category))) {
        return false;
    }
    c->licensed = c->licensed && category == c->category;
    c->category = category;
    c->assessed = true;
    c->duty = duty;
    c->relief = c->relief < duty ? c->relief : duty;
    model_free(model, c);
    return true;
}

static inline bool model_deposit(struct model *model, struct model_case *c, uint32_t sender,
                                 int64_t amount) {
    if (c->declarant != sender || c->released || c->parts > 0 || amount <= 0 ||
        *model_balance(model, sender) < amount) {
        return false;
    }
    *model_balance(model, sender) -= amount;
    c->escrow += amount;
    return true;
}

static inline bool model_withdraw(struct model *model, struct model_case *c, uint32_t sender) {
    if (c->declarant != sender || c->escrow == 0) {
        return false;
    }
    *model_balance(model, sender) += c->escrow;
    c->escrow = 0;
    return true;
}

static inline bool model_pay(struct model *model, struct model_case *c, uint32_t payer,
                             int64_t amount) {
    if (*model_balance(model, payer) < amount) {
        return false;
    }
    *model_balance(model, payer) -= amount;
    *model_balance(model, 10) += amount;
    c->paid += amount;
    model_free(model, c);
    return true;
}

static inline int64_t model_part(const struct model_case *c) {
    int64_t part = c->plan * (c->parts_paid + 1) / c->parts - c->plan * c->parts_paid / c->parts;
    return part < model_due(c) ? part : model_due(c);
}

static inline bool model_settle(struct model *model, struct model_case *c, uint32_t sender,
                                int64_t amount) {
    if (c->declarant != sender || !c->assessed || amount <= 0 || amount > model_due(c) ||
        (c->parts > 0 && amount != model_part(c)) || !model_pay(model, c, sender, amount)) {
        return false;
    }
    c->parts_paid += c->parts > 0;
    return true;
}

static inline bool model_claim(struct model *model, struct model_case *c, uint32_t sender,
                               int64_t amount) {
    return c->declarant != 0 && sender == 10 && c->released && model->day > c->term && amount > 0 &&
           amount <= c->guaranteed &&
           model_pay(model, c, model->guarantees[c->guarantee].guarantor, amount);
}

static inline bool model_is_valid(const struct model *model, const struct model_licence *l) {
    return !l->revoked && l->first <= model->day && model->day <= l->last;
}

/* licence.yml, for goods of civil use. */
static inline bool model_licence(struct model *model, struct model_case *c, uint32_t number) {
    struct model_licence *l = NULL;
    for (int i = 0; i < MODEL_LICENCES; i++) {
        l = model->licences[i].number == number ? &model->licences[i] : l;
    }
    if (c->licensed) {
        return false;
    }
    if (c->category == MODEL_UNRESTRICTED) {
        c->licence = 0;
        return c->licensed = true;
    }
    if (number == 0 || l == NULL || l->holder != c->declarant || l->category != c->category ||
        !model_is_valid(model, l) || l->quantity < c->quantity) {
        return false;
    }
    l->quantity -= c->quantity;
    c->licence = number;
    return c->licensed = true;
}

static inline bool model_exemption(struct model *model, struct model_case *c) {
    if (!c->assessed || c->released || c->parts > 0 || c->relief > 0) {
        return false;
    }
    c->relief = model_share(c->duty, 97, 100);
    model_free(model, c);
    return true;
}

static inline bool model_guarantee(struct model *model, struct model_case *c, unsigned number) {
    struct model_guarantee *g = &model->guarantees[number];
    int64_t more = model_due(c) - c->guaranteed;
    if (!c->assessed || c->released || g->principal != c->declarant ||
        (c->guaranteed > 0 && c->guarantee != number) || more <= 0 || g->limit - g->used < more ||
        model->day + 30 > g->last) {
        return false;
    }
    g->used += more;
    c->guaranteed += more;
    c->guarantee = number;
    c->term = model->day + 30;
    return true;
}

static inline bool model_instalments(struct model *model, struct model_case *c, uint32_t sender,
                                     int64_t parts) {
    (void)model;
    if (sender != c->declarant || !c->assessed || c->released || c->parts > 0 || c->escrow > 0 ||
        parts < 2 || parts > 120 || model_due(c) < parts) {
        return false;
    }
    c->surcharge += model_share(model_due(c), parts, 1000);
    c->plan = model_due(c);
    c->parts = (unsigned)parts;
    c->parts_paid = 0;
    return true;
}

static inline bool model_release(struct model *model, struct model_case *c) {
    int64_t due = model_due(c) > 0 ? model_due(c) : 0;
    int64_t pay = due < c->escrow ? due : c->escrow;
    const struct model_licence *l = NULL;
    for (int i = 0; i < MODEL_LICENCES; i++) {
        l = c->licence != 0 && model->licences[i].number == c->licence ? &model->licences[i] : l;
    }
    if (!c->assessed || c->released || due - pay > c->guaranteed) {
        return false;
    }
    if (c->category != MODEL_UNRESTRICTED &&
        (!c->licensed || l == NULL || !model_is_valid(model, l))) {
        return false;
    }
    *model_balance(model, 10) += pay;
    *model_balance(model, c->declarant) += c->escrow - pay;
    c->paid += pay;
    c->escrow = 0;
    c->released = true;
    c->released_day = model->day;
    model_free(model, c);
    return true;
}

static inline bool model_refund(struct model *model, struct model_case *c, int64_t amount) {
    if (amount <= 0 || amount > c->paid || amount > -model_due(c) ||
        *model_balance(model, 10) < amount) {
        return false;
    }
    *model_balance(model, 10) -= amount;
    *model_balance(model, c->declarant) += amount;
    c->paid -= amount;
    return true;
}

static inline bool model_buy(struct model *model, struct model_title *title, uint32_t sender) {
    if (title->buyer != sender || sender == 0 || title->acts != title->offered_acts ||
        *model_balance(model, sender) < title->price) {
        return false;
    }
    *model_balance(model, sender) -= title->price;
    *model_balance(model, title->seller) += title->price;
    title->holder = sender;
    title->acts++;
    title->buyer = title->seller = 0;
    return true;
}

#endif
