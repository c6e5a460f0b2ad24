#include "runtime/parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plait {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

struct Recipe {
  std::string text;
  std::vector<Shared<std::string>> spices;
  static constexpr auto fields = std::tuple{&Recipe::text, &Recipe::spices};
};

// One worker as its run sees it, and what reaches it.
struct Worker {
  PartsAtWorker known;
  KeptParts kept;
  int num_sent = 0;

  // Sends `value` in an order of its own; what the worker reads.
  template <class T>
  T send(RunParts& run, const T& value) {
    OrderParts parts(run, known, [&](const WrittenPart& part) {
      ++num_sent;
      kept.keep(part.token, part.parcel);
    });
    Encoder to(&parts);
    encode(to, value);
    for (const Token& token : known.forget_what_is_too_much()) kept.forget(token);
    const Record record = to.take();
    Decoder from(record, &kept);
    return decode<T>(from);
  }
};

WrittenPart written(std::uint64_t name, std::uint64_t content = 0, std::size_t num_bytes = 100) {
  return {.token = {name, name},
          .content = {content, content},
          .parcel = Parcel::of_inline(std::vector<std::byte>(num_bytes), 0),
          .mentions = {}};
}

TEST(Parts, AreSentOnceToEachWorker) {
  RunParts run;
  Worker a, b;
  const Shared<std::string> recipe(std::string("boil"));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(*a.send(run, recipe), "boil");
    EXPECT_EQ(*b.send(run, recipe), "boil");
  }
  EXPECT_EQ(a.num_sent, 1);
  EXPECT_EQ(b.num_sent, 1);
  RunParts next_run;
  EXPECT_EQ(*a.send(next_run, recipe), "boil");
  EXPECT_EQ(a.num_sent, 1) << "kept for the runs that follow";
}

TEST(Parts, AreOneObjectAtTheWorker) {
  RunParts run;
  Worker worker;
  const Shared<std::string> recipe(std::string("boil"));
  EXPECT_TRUE(worker.send(run, recipe).same_as(worker.send(run, recipe)));
}

TEST(Parts, BringTheirOwnParts) {
  RunParts run;
  Worker a, b;
  const Shared<std::string> salt(std::string("salt"));
  const Shared<Recipe> soup(Recipe{"soup", {salt}}), stew(Recipe{"stew", {salt}});
  EXPECT_EQ(*a.send(run, soup)->spices.at(0), "salt");
  EXPECT_EQ(a.num_sent, 2);
  // The soup has been written for the other worker, so nobody writes the salt again.
  EXPECT_EQ(*b.send(run, soup)->spices.at(0), "salt");
  EXPECT_EQ(b.num_sent, 2);
  EXPECT_EQ(*b.send(run, stew)->spices.at(0), "salt");
  EXPECT_EQ(b.num_sent, 3);
}

TEST(Parts, AreWrittenOnceARun) {
  RunParts run;
  int num_written = 0;
  const auto write = [&](WrittenPart&) {
    ++num_written;
    return Record{};
  };
  run.part({1, 1}, write);
  run.part({1, 1}, write);
  EXPECT_EQ(num_written, 1);
}

TEST(Parts, ThatCouldNotBeWrittenAreTriedAgain) {
  RunParts run;
  EXPECT_THROW(run.part({1, 1}, [](WrittenPart&) -> Record { throw type_error("not now"); }), Error);
  EXPECT_EQ(run.part({1, 1}, [](WrittenPart&) { return Record{}; }).token, (Token{1, 1}));
}

TEST(Parts, AreSentAgainWhenTheirContentHasChanged) {
  PartsAtWorker known;
  EXPECT_TRUE(known.needs(written(1, 10)));
  EXPECT_FALSE(known.needs(written(1, 10)));
  EXPECT_TRUE(known.needs(written(1, 11)));
}

TEST(Parts, HaveTheContentOfWhatTheyMention) {
  const auto content_of_dish = [](const std::string& spice) {
    RunParts run;
    run.part({2, 2}, [&](WrittenPart&) {
      Encoder to;
      encode(to, spice);
      return to.take();
    });
    return run
        .part({1, 1},
              [](WrittenPart& made) {
                made.mentions = {{2, 2}};
                return Record{};
              })
        .content;
  };
  EXPECT_EQ(content_of_dish("salt"), content_of_dish("salt"));
  EXPECT_NE(content_of_dish("salt"), content_of_dish("pepper"));
}

TEST(Parts, AreForgottenThatWereNotMentionedForLongest) {
  PartsAtWorker known(4, 1'000'000);
  for (std::uint64_t name = 1; name <= 4; ++name) {
    EXPECT_TRUE(known.needs(written(name)));
    EXPECT_THAT(known.forget_what_is_too_much(), IsEmpty());
  }
  EXPECT_FALSE(known.needs(written(1)));
  EXPECT_TRUE(known.needs(written(5)));
  EXPECT_THAT(known.forget_what_is_too_much(), ElementsAre(Token{2, 2}, Token{3, 3}));
  EXPECT_FALSE(known.needs(written(1)));
  EXPECT_TRUE(known.needs(written(2)));
}

TEST(Parts, AreBoundedInBytes) {
  PartsAtWorker known(100, 1000);
  EXPECT_TRUE(known.needs(written(1, 0, 600)));
  EXPECT_THAT(known.forget_what_is_too_much(), IsEmpty());
  EXPECT_TRUE(known.needs(written(2, 0, 600)));
  EXPECT_THAT(known.forget_what_is_too_much(), UnorderedElementsAre(Token{1, 1}));
}

TEST(Parts, OfTheOrderItselfAreNeverForgotten) {
  PartsAtWorker known(2, 1'000'000);
  for (std::uint64_t name = 1; name <= 4; ++name) EXPECT_TRUE(known.needs(written(name)));
  EXPECT_THAT(known.forget_what_is_too_much(), IsEmpty());
}

TEST(Parts, AreForgottenWhenAnOrderDidNotReachTheWorker) {
  PartsAtWorker known;
  EXPECT_TRUE(known.needs(written(1)));
  known.start_again();
  EXPECT_TRUE(known.take_fresh_start());
  EXPECT_FALSE(known.take_fresh_start());
  EXPECT_TRUE(known.needs(written(1)));
}

TEST(KeptParts, RefuseAMentionOfWhatTheyDoNotHave) {
  RunParts run;
  Worker sender;
  const Shared<std::string> recipe(std::string("boil"));
  OrderParts parts(run, sender.known, [](const WrittenPart&) {});
  Encoder to(&parts);
  encode(to, recipe);
  const Record record = to.take();
  KeptParts nothing;
  Decoder from(record, &nothing);
  try {
    decode<Shared<std::string>>(from);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
  }
}

}  // namespace
}  // namespace plait
